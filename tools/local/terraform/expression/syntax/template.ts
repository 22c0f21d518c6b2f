import { normalText } from '#local/terraform/expression/value/text.ts';
import type { Scanner } from './scanner.ts';
import type { Expression } from './syntax.ts';
import { buildTemplate, type TemplateToken } from './template-tree.ts';

type ReadExpression = (scanner: Scanner) => Expression;
type Kind = 'bare' | 'heredoc' | 'quoted';

const bareMark = /\$\$\{|%%\{|\$\{|%\{/g;
const quotedMark = /\$\$\{|%%\{|\$\{|%\{|["\\\r\n]/g;
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
const unicodeEscape = /u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})/y;
/** What a strip marker cuts at most: Terraform reads literal text up to a line break, or a `$` or `%` with what follows. */
const literalPiece = /[$%][^\n]?|[^$%\n]*\n|[^$%\n]+/gu;

/**
 * Reads a template from the scanner's position: to the closing quote in an expression, to the text's end in a JSON string.
 * Source: HCL Native Syntax Specification, "Templates"; HCL JSON Syntax Specification, "Expressions" (no backslash escapes there).
 *
 * @returns a literal when nothing is interpolated; the expression itself when the template is one interpolation and nothing else, so
 * that its type is kept; else a template
 */
export function readTemplate(
  scanner: Scanner,
  kind: Exclude<Kind, 'heredoc'>,
  readExpression: ReadExpression,
): Expression {
  const tokens = new TemplateReader(scanner, kind, readExpression).read(scanner.text.length);
  return buildTemplate(tokens, scanner);
}

/**
 * Reads a heredoc after its opening line: `<<EOT`, or `<<-EOT`, whose lines lose the white space that all of them begin with.
 * The closing marker stands alone on a line, which has to end.
 */
export function readHeredoc(scanner: Scanner, opening: string, readExpression: ReadExpression): Expression {
  const isFlush = opening.startsWith('<<-');
  const marker = opening.slice(isFlush ? 3 : 2).trim();
  const reader = new TemplateReader(scanner, 'heredoc', readExpression);
  const tokens = reader.read(scanner.text.length, marker);
  return buildTemplate(isFlush ? withoutIndent(tokens) : tokens, scanner);
}

class TemplateReader {
  readonly #scanner: Scanner;
  readonly #kind: Kind;
  readonly #readExpression: ReadExpression;
  readonly #tokens: TemplateToken[] = [];
  /** Whether the last sequence ended with `~}`: white space that follows is cut. */
  #trimsNext = false;

  constructor(scanner: Scanner, kind: Kind, readExpression: ReadExpression) {
    this.#scanner = scanner;
    this.#kind = kind;
    this.#readExpression = readExpression;
  }

  read(end: number, marker?: string): readonly TemplateToken[] {
    const { text } = this.#scanner;
    const mark = this.#kind === 'quoted' ? quotedMark : bareMark;
    let position = this.#scanner.position;
    let literal = '';
    let closing = marker === undefined ? undefined : findMarker(text, position, true, marker);
    for (;;) {
      mark.lastIndex = position;
      const found = mark.exec(text);
      if (closing && (!found || found.index >= closing.start)) {
        this.#addLiteral(literal + text.slice(position, closing.start));
        this.#scanner.position = closing.end;
        return this.#tokens;
      }
      if (!found || found.index >= end) {
        if (this.#kind === 'heredoc')
          throw this.#scanner.errorAt(position, `a heredoc is not closed by a line with ${marker}`);
        if (this.#kind === 'quoted') throw this.#scanner.errorAt(position, 'a quoted string is not closed');
        this.#addLiteral(literal + text.slice(position));
        this.#scanner.position = text.length;
        return this.#tokens;
      }
      literal += text.slice(position, found.index);
      position = found.index + found[0].length;
      if (found[0] === '"') {
        this.#addLiteral(literal);
        this.#scanner.position = position;
        return this.#tokens;
      }
      if (found[0] === '$${' || found[0] === '%%{') literal += found[0].slice(1);
      else if (found[0] === '\\') {
        const escaped = readEscape(this.#scanner, position);
        literal += escaped.text;
        position = escaped.end;
      } else if (found[0] === '\n' || found[0] === '\r') {
        throw this.#scanner.errorAt(found.index, 'a quoted string goes over a line break; write \\n');
      } else {
        this.#addLiteral(literal);
        literal = '';
        position = this.#readSequence(position, found[0] === '%{');
        if (marker !== undefined) closing = findMarker(text, position, false, marker);
      }
    }
  }

  #addLiteral(literal: string): void {
    if (literal === '') return;
    for (const piece of literal.match(literalPiece) ?? [literal]) {
      this.#tokens.push({ kind: 'literal', text: this.#trimsNext ? piece.replace(/^\p{White_Space}+/u, '') : piece });
      this.#trimsNext = false;
    }
  }

  /** Reads `…}` after the opening of an interpolation or a directive. */
  #readSequence(position: number, isDirective: boolean): number {
    const scanner = this.#scanner;
    const isTrimming = scanner.text[position] === '~';
    scanner.position = isTrimming ? position + 1 : position;
    const last = this.#tokens.at(-1);
    if (isTrimming && last?.kind === 'literal' && !this.#trimsNext) {
      this.#tokens[this.#tokens.length - 1] = { kind: 'literal', text: last.text.replace(/\p{White_Space}+$/u, '') };
    }
    return scanner.withLines(false, () => {
      this.#tokens.push(
        isDirective ? this.#readDirective() : { kind: 'interpolation', expression: this.#readExpression(scanner) },
      );
      this.#trimsNext = scanner.take('~');
      scanner.expect('}');
      return scanner.position;
    });
  }

  #readDirective(): TemplateToken {
    const scanner = this.#scanner;
    const start = scanner.peek().start;
    if (scanner.take('if')) return { kind: 'if', condition: this.#readExpression(scanner), start };
    for (const kind of ['else', 'endif', 'endfor'] as const) if (scanner.take(kind)) return { kind, start };
    if (!scanner.take('for')) throw scanner.unexpected('one of the directives if, else, endif, for, endfor');
    const first = this.#readName();
    const second = scanner.take(',') ? this.#readName() : undefined;
    scanner.expect('in');
    const collection = this.#readExpression(scanner);
    return {
      kind: 'for',
      start,
      collection,
      ...(second === undefined ? { valueName: first } : { keyName: first, valueName: second }),
    };
  }

  #readName(): string {
    if (this.#scanner.peek().kind !== 'identifier') throw this.#scanner.unexpected('a name');
    return this.#scanner.next().text;
  }
}

/** Where the closing line of a heredoc begins, and where its marker ends. */
function findMarker(
  text: string,
  from: number,
  isLineStart: boolean,
  marker: string,
): { start: number; end: number } | undefined {
  let start = isLineStart ? from : text.indexOf('\n', from) + 1;
  if (!isLineStart && start === 0) return undefined;
  for (;;) {
    const lineEnd = text.indexOf('\n', start);
    if (lineEnd < 0) return undefined;
    const line = text.slice(start, lineEnd);
    if (line.trim() === marker) return { start, end: start + line.trimEnd().length };
    start = lineEnd + 1;
  }
}

/** Cuts the indent that all lines share; blank lines do not count. Source: HCL, `flushHeredocTemplateParts`. */
function withoutIndent(tokens: readonly TemplateToken[]): readonly TemplateToken[] {
  const starts = tokens.map((_, position) => {
    const before = tokens[position - 1];
    return position === 0 || (before?.kind === 'literal' && before.text.endsWith('\n'));
  });
  const indents = tokens.flatMap((token, position) => {
    if (!starts[position] || isBlank(token)) return [];
    return [token.kind === 'literal' ? indentOf(token.text).length : 0];
  });
  const shared = Math.min(...indents);
  return tokens.map((token, position) =>
    starts[position] && token.kind === 'literal' && !isBlank(token)
      ? { kind: 'literal', text: token.text.slice(shared) }
      : token,
  );
}

function isBlank(token: TemplateToken): boolean {
  return token.kind === 'literal' && token.text.endsWith('\n') && token.text.trim() === '';
}

function indentOf(text: string): string {
  return /^\p{White_Space}*/u.exec(text)?.[0] ?? '';
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
  return { text: normalText(String.fromCodePoint(point)), end: position + code[0].length };
}
