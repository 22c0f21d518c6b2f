import { TemplateError } from '#local/vtl/limits.ts';

/** What `(?idmsuxU)` turns on. */
export type PatternFlags = Readonly<Record<'U' | 'd' | 'i' | 'm' | 's' | 'u' | 'x', boolean>>;

/** Reads a Java regular expression by code points. */
export interface PatternReader {
  /** Changed by `(?i)` to the end of the group that it stands in. */
  flags: PatternFlags;
  /** The code point that comes next, spaces and comments of the mode `x` passed over; `''` at the end. */
  peek(): string;
  next(): string;
  /** Whether `text` comes next; if so, it is read. */
  eat(text: string): boolean;
  /** Reads what a sticky expression matches here. */
  match(expression: RegExp): RegExpExecArray | undefined;
  /** @throws TemplateError always */
  fail(problem: string): never;
}

const NO_FLAGS: PatternFlags = { U: false, d: false, i: false, m: false, s: false, u: false, x: false };

export function createPatternReader(source: string): PatternReader {
  const text = escapeQuoted(source);
  let at = 0;
  const skip = () => {
    if (!reader.flags.x) return;
    const blank = /(?:[ \t-\r]|#[^\n\r\x85\u2028\u2029]*)*/y;
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
  };
  const reader: PatternReader = {
    flags: NO_FLAGS,
    peek: () => {
      skip();
      const code = text.codePointAt(at);
      return code === undefined ? '' : String.fromCodePoint(code);
    },
    next: () => {
      const found = reader.peek();
      at += found.length;
      return found;
    },
    eat: (wanted) => {
      skip();
      if (!text.startsWith(wanted, at)) return false;
      at += wanted.length;
      return true;
    },
    match: (expression) => {
      skip();
      expression.lastIndex = at;
      const found = expression.exec(text) ?? undefined;
      at += found?.[0].length ?? 0;
      return found;
    },
    fail: (problem) => {
      throw new TemplateError(`Not a regular expression: ${source} (${problem}).`);
    },
  };
  return reader;
}

/** `\Q…\E` as escaped characters; a quantifier behind it is the last character's, as in Java. */
function escapeQuoted(source: string): string {
  return source.replace(/\\Q(.*?)(?:\\E|$)|\\./gs, (whole, quoted: string | undefined) =>
    quoted === undefined
      ? whole
      : quoted.replace(/[\0-\x7f]/g, (found) =>
          /[a-zA-Z]/.test(found) ? found : `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}`,
        ),
  );
}
