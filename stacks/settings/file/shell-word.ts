/** A word as a shell would read it, or why it needs a shell. `end` is the column behind what was read. */
export type WordReading =
  | { readonly text: string; readonly end: number }
  | { readonly problem: string; readonly end: number };

const plain = /[\w@%+=:,./^!#-]+/y;
const singleQuoted = /'([^']*)'/y;
const doubleQuoted = /"((?:[^"\\$`]|\\["\\$`])*)"/y;
const openDoubleQuoted = /"(?:[^"\\$`]|\\["\\$`])*/y;

const meanings: Readonly<Record<string, string>> = {
  $: 'a shell would put in the value of a variable or of a command',
  '`': 'a shell would run a command',
  '\\': 'a shell would drop it or join lines',
  '~': 'a shell would put in a home directory',
  '*': 'a shell would look for files',
  '?': 'a shell would look for files',
  '[': 'a shell would look for files',
  ']': 'a shell would look for files',
  '{': 'a shell would expand it to several words',
  '}': 'a shell would expand it to several words',
  ';': 'a shell would start another command',
  '|': 'a shell would start another command',
  '&': 'a shell would start another command',
  '<': 'a shell would redirect a file',
  '>': 'a shell would redirect a file',
  '(': 'a shell would start a list or a command',
  ')': 'a shell would end a list or a command',
};

function isBlank(character: string | undefined): boolean {
  return character === undefined || character === ' ' || character === '\t';
}

/**
 * Reads one word from `start`: plain characters, `'…'` and `"…"` in any order, joined without a blank, up to a blank, a parenthesis or
 * the line's end. Inside double quotes `\"`, `\\`, `\$` and `` \` `` stand for the character. Nothing is expanded: whatever a shell would have
 * to evaluate is a problem. Source of the rules: POSIX.1-2024, Shell Command Language, 2.2 Quoting and 2.6 Word Expansions.
 */
export function readWord(line: string, start: number): WordReading {
  let text = '';
  let at = start;
  for (;;) {
    const character = line[at];
    if (isBlank(character) || character === '(' || character === ')') return { text, end: at };
    const part = match(plain, line, at) ?? match(singleQuoted, line, at) ?? match(doubleQuoted, line, at);
    if (part === undefined) return { problem: problemAt(line, at), end: at };
    text += part.text;
    at = part.end;
  }
}

/** Why an unquoted character cannot stand where it is. */
export function unquotedProblem(character: string): string {
  const meaning = meanings[character];
  const why = meaning === undefined ? '' : ` (${meaning})`;
  return `got ${character} outside quotes${why}, allowed: letters, digits and _ @ % + = : , . / ^ ! # -. Settings are never evaluated: write the value itself, or put it in single quotes.`;
}

function match(pattern: RegExp, line: string, at: number): { readonly text: string; readonly end: number } | undefined {
  pattern.lastIndex = at;
  const found = pattern.exec(line);
  if (found === null) return undefined;
  const inside = found[1];
  const text = inside === undefined || pattern === singleQuoted ? (inside ?? found[0]) : inside.replace(/\\(.)/g, '$1');
  return { text, end: pattern.lastIndex };
}

function problemAt(line: string, at: number): string {
  const character = String.fromCodePoint(line.codePointAt(at) ?? 0);
  if (character === "'") return unclosed(character);
  if (character !== '"') return unquotedProblem(character);
  openDoubleQuoted.lastIndex = at;
  openDoubleQuoted.exec(line);
  const stop = line[openDoubleQuoted.lastIndex];
  if (stop === undefined) return unclosed(character);
  if (stop === '\\') {
    return 'got \\ inside double quotes, allowed: \\" \\\\ \\$ \\` and no other escapes. Put the value in single quotes to keep the character.';
  }
  return `got ${stop} inside double quotes (${meanings[stop] ?? 'a shell would evaluate it'}), allowed: text. Settings are never evaluated: write the value itself, or put it in single quotes to keep the character.`;
}

function unclosed(quote: string): string {
  return `got an opening ${quote} without a closing one, allowed: both on one line. Add the closing ${quote}.`;
}
