import type { Scanner } from './scanner.ts';
import type { Expression } from './syntax.ts';

type Part = Expression | string;

const bareMark = /\$\$\{|%%\{|\$\{|%\{/g;
const quotedMark = /\$\$\{|%%\{|\$\{|%\{|["\\\n]/g;
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
const unicodeEscape = /u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})/y;

/**
 * Reads a template from the scanner's position: to the closing quote in an expression, to the text's end in a JSON string.
 * Source: HCL Native Syntax Specification, "Templates"; HCL JSON Syntax Specification, "Expressions" (no backslash escapes there).
 *
 * @returns a literal when nothing is interpolated; the expression itself when the template is one interpolation and nothing else, so
 * that its type is kept; else a template
 */
export function readTemplate(
  scanner: Scanner,
  kind: 'bare' | 'quoted',
  readExpression: (scanner: Scanner) => Expression,
): Expression {
  const parts: Part[] = [];
  const mark = kind === 'quoted' ? quotedMark : bareMark;
  const { text } = scanner;
  let position = scanner.position;
  let literal = '';
  let trimNext = false;
  const addLiteral = (piece: string) => {
    literal += trimNext ? piece.trimStart() : piece;
    if (piece !== '') trimNext = false;
  };
  const endLiteral = () => {
    if (literal !== '') parts.push(literal);
    literal = '';
  };
  for (;;) {
    mark.lastIndex = position;
    const found = mark.exec(text);
    addLiteral(text.slice(position, found?.index ?? text.length));
    if (!found) {
      if (kind === 'quoted') throw scanner.errorAt(position, 'a quoted string is not closed');
      scanner.position = text.length;
      break;
    }
    position = found.index + found[0].length;
    if (found[0] === '"') {
      scanner.position = position;
      break;
    }
    if (found[0] === '$${' || found[0] === '%%{') {
      addLiteral(found[0].slice(1));
    } else if (found[0] === '\\') {
      const escaped = readEscape(scanner, position);
      addLiteral(escaped.text);
      position = escaped.end;
    } else if (found[0] === '\n') {
      throw scanner.errorAt(found.index, 'a quoted string goes over a line break; write \\n');
    } else if (found[0] === '%{') {
      throw scanner.errorAt(found.index, 'template directives (%{ if … }) are not supported; %%{ gives a literal %{');
    } else {
      scanner.position = position;
      if (scanner.take('~')) literal = literal.trimEnd();
      endLiteral();
      parts.push(readExpression(scanner));
      trimNext = scanner.take('~');
      scanner.expect('}');
      position = scanner.position;
    }
  }
  endLiteral();
  const [first] = parts;
  if (first === undefined) return { kind: 'literal', value: '' };
  if (parts.length > 1) return { kind: 'template', parts };
  return typeof first === 'string' ? { kind: 'literal', value: first } : first;
}

function readEscape(scanner: Scanner, position: number): { text: string; end: number } {
  const letter = scanner.text[position] ?? '';
  const simple = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
  if (simple !== undefined) return { text: simple, end: position + 1 };
  unicodeEscape.lastIndex = position;
  const code = unicodeEscape.exec(scanner.text);
  const point = Number.parseInt(code?.[1] ?? code?.[2] ?? '', 16);
  if (!code || point > 0x10ffff) {
    throw scanner.errorAt(
      position - 1,
      `got the escape \\${letter}; allowed are \\n \\r \\t \\" \\\\ \\uNNNN \\UNNNNNNNN`,
    );
  }
  return { text: String.fromCodePoint(point), end: position + code[0].length };
}
