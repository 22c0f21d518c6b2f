/**
 * Compiles a pattern in which `*` stands for any text and `?` for one character; never slower than pattern × text.
 *
 * Source: IAM User Guide, "IAM JSON policy elements: Resource", "… Action" and "… Condition operators" (`ArnLike`).
 */
export function compileWildcard(pattern: string): (text: string) => boolean {
  if (pattern === '*') return () => true;
  if (!/[*?]/.test(pattern)) return (text) => text === pattern;
  return (text) => matches(pattern, text);
}

function matches(pattern: string, text: string): boolean {
  let [at, from, star, mark] = [0, 0, -1, 0];
  while (from < text.length) {
    const symbol = pattern[at];
    if (symbol === '*') {
      star = at++;
      mark = from;
    } else if (symbol === '?' || symbol === text[from]) {
      at++;
      from++;
    } else if (star >= 0) {
      // The last star takes one character more.
      at = star + 1;
      from = ++mark;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
