import type { PatternFlags } from './pattern-reader.ts';

const POSIX: Readonly<Record<string, string>> = {
  ASCII: '[\\x00-\\x7f]',
  Alnum: '[a-zA-Z0-9]',
  Alpha: '[a-zA-Z]',
  Blank: '[ \\t]',
  Cntrl: '[\\x00-\\x1f\\x7f]',
  Digit: '[0-9]',
  Graph: '[\\x21-\\x7e]',
  Lower: '[a-z]',
  Print: '[\\x20-\\x7e]',
  Punct: '[\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e]',
  Space: '[ \\t-\\r]',
  Upper: '[A-Z]',
  XDigit: '[0-9a-fA-F]',
};

/** The same under `(?U)`, and what `\p{Is…}` knows by these names. */
const UNICODE: Readonly<Record<string, string>> = {
  ALNUM: '[\\p{Alphabetic}\\p{Nd}]',
  ALPHABETIC: '\\p{Alphabetic}',
  ASSIGNED: '\\P{Cn}',
  BLANK: '[\\t\\p{Zs}]',
  CONTROL: '\\p{Cc}',
  DIGIT: '\\p{Nd}',
  GRAPH: '[^\\p{White_Space}\\p{Cc}\\p{Cs}\\p{Cn}]',
  HEX_DIGIT: '[\\p{Nd}\\p{Hex_Digit}]',
  IDEOGRAPHIC: '\\p{Ideographic}',
  JOIN_CONTROL: '\\p{Join_Control}',
  LETTER: '\\p{L}',
  LOWERCASE: '\\p{Lowercase}',
  NONCHARACTER_CODE_POINT: '\\p{Noncharacter_Code_Point}',
  PRINT: '[[^\\p{White_Space}\\p{Cc}\\p{Cs}\\p{Cn}][\\p{Zs}]]',
  PUNCTUATION: '\\p{P}',
  TITLECASE: '\\p{Lt}',
  UPPERCASE: '\\p{Uppercase}',
  WHITE_SPACE: '\\p{White_Space}',
  WORD: '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]',
};

const POSIX_IN_UNICODE: Readonly<Record<string, string>> = {
  Alnum: 'ALNUM',
  Alpha: 'ALPHABETIC',
  Blank: 'BLANK',
  Cntrl: 'CONTROL',
  Digit: 'DIGIT',
  Graph: 'GRAPH',
  Lower: 'LOWERCASE',
  Print: 'PRINT',
  Punct: 'PUNCTUATION',
  Space: 'WHITE_SPACE',
  Upper: 'UPPERCASE',
  XDigit: 'HEX_DIGIT',
};

const OF_CHARACTER: Readonly<Record<string, string>> = {
  javaAlphabetic: '\\p{Alphabetic}',
  javaDefined: '\\P{Cn}',
  javaDigit: '\\p{Nd}',
  javaISOControl: '[\\x00-\\x1f\\x7f-\\x9f]',
  javaIdeographic: '\\p{Ideographic}',
  javaLetter: '\\p{L}',
  javaLetterOrDigit: '[\\p{L}\\p{Nd}]',
  javaLowerCase: '\\p{Lowercase}',
  javaMirrored: '\\p{Bidi_Mirrored}',
  javaSpaceChar: '\\p{Z}',
  javaTitleCase: '\\p{Lt}',
  javaUpperCase: '\\p{Uppercase}',
  javaWhitespace: '[[\\t-\\r\\x1c-\\x1f\\p{Z}]--[\\xa0\\u2007\\u202f]]',
};

const OF_PREDEFINED: Readonly<Record<string, string>> = {
  d: '[0-9]',
  h: '[ \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]',
  s: '[ \\t-\\r]',
  v: '[\\n-\\r\\x85\\u2028\\u2029]',
  w: '[a-zA-Z_0-9]',
};
const UNICODE_PREDEFINED: Readonly<Record<string, string>> = { d: 'DIGIT', s: 'WHITE_SPACE', w: 'WORD' };

const CASED = new Set(['Ll', 'Lt', 'Lu']);

/** `\d`, `\H` …: the class that a letter stands for. */
export function predefinedClass(letter: string, { U }: PatternFlags): string | undefined {
  const lower = letter.toLowerCase();
  const members = (U && UNICODE[UNICODE_PREDEFINED[lower] ?? '']) || OF_PREDEFINED[lower];
  return members === undefined || letter === lower ? members : `[^${members}]`;
}

/**
 * The class `\p{name}` of Java's as an operand of a class of JavaScript's mode `v`.
 *
 * Source: Java SE documentation of `java.util.regex.Pattern`, "Classes for Unicode scripts, blocks, categories and binary properties".
 *
 * @returns `undefined` for what Java or JavaScript doesn't know
 */
export function propertyClass(name: string, flags: PatternFlags): string | undefined {
  const [, key, value] = /^(\w+)=(.+)$/.exec(name) ?? [];
  if (key !== undefined && value !== undefined) {
    if (/^(sc|script)$/i.test(key)) return known(`\\p{Script=${capitalize(value)}}`);
    return /^(gc|general_category)$/i.test(key) ? simpleProperty(value, flags) : undefined;
  }
  if (!name.startsWith('Is')) return simpleProperty(name, flags);
  const bare = name.slice(2);
  const upper = bare.toUpperCase();
  const cased = flags.i && /^(LOWER|TITLE|UPPER)CASE$/.test(upper);
  if (cased) return '[\\p{Lowercase}\\p{Uppercase}\\p{Lt}]';
  return UNICODE[upper] ?? simpleProperty(bare, flags) ?? known(`\\p{Script=${capitalize(bare)}}`);
}

function simpleProperty(name: string, { i, U }: PatternFlags): string | undefined {
  if (name === 'all') return '[\\s\\S]';
  if (name === 'L1') return '[\\x00-\\xff]';
  if (name === 'LD') return '[\\p{L}\\p{Nd}]';
  if (name === 'LC' || (i && CASED.has(name))) return '[\\p{Lu}\\p{Ll}\\p{Lt}]';
  if (i && /^java(Lower|Title|Upper)Case$/.test(name)) return '[\\p{Lowercase}\\p{Uppercase}\\p{Lt}]';
  if (i && /^(Lower|Upper)$/.test(name)) return U ? '[\\p{Lowercase}\\p{Uppercase}\\p{Lt}]' : POSIX.Alpha;
  if (U && POSIX_IN_UNICODE[name]) return UNICODE[POSIX_IN_UNICODE[name]];
  if (POSIX[name] ?? OF_CHARACTER[name]) return POSIX[name] ?? OF_CHARACTER[name];
  return /^[A-Z][a-z]?$/.test(name) ? known(`\\p{${name}}`) : undefined;
}

function known(expression: string): string | undefined {
  try {
    new RegExp(expression, 'v');
    return expression;
  } catch {
    return undefined;
  }
}

/** Java takes script names in any case: `latin`, `old_italic`. */
function capitalize(name: string): string {
  return name.toLowerCase().replace(/(?:^|_)[a-z]/g, (start) => start.toUpperCase());
}
