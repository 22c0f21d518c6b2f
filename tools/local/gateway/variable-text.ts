/** Gives a variable's text for one `subject`. */
export type Variable<T> = (subject: T) => string;

/**
 * Splits a text at its variables once, so that rendering is only joining.
 *
 * @param pattern - global; its first group, or else the whole match, is the variable's name
 * @param resolve - the variable of that name
 */
export function compileVariableText<T>(
  source: string,
  pattern: RegExp,
  resolve: (name: string) => Variable<T>,
): Variable<T> {
  // Literals at even places, variables' texts at odd ones.
  const parts: string[] = [];
  const variables: Variable<T>[] = [];
  let from = 0;
  for (const match of source.matchAll(pattern)) {
    parts.push(source.slice(from, match.index), '');
    variables.push(resolve(match[1] ?? match[0]));
    from = match.index + match[0].length;
  }
  parts.push(source.slice(from));
  return (subject) => {
    let at = 1;
    for (const variable of variables) {
      parts[at] = variable(subject);
      at += 2;
    }
    // Joined, the text is one piece of memory; added up, it would be a tree of pieces, and texts are kept by the thousands.
    return parts.join('');
  };
}
