import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSyntax } from '#stacks/settings/file/syntax.ts';
import { hasShell, type ShellValue, sourceInShell } from '#tests/stacks/settings/shell-oracle.ts';
import { anyCharacter } from '#tests/support/hostile/any-character.ts';

const names = ['K_A', 'K_B', 'K_C', 'K_D'];

/** Of the variables that the shells are asked for: pieces can make others, such as `aK_B`. */
function parsedValues(text: string): ReadonlyMap<string, ShellValue> {
  const values = new Map<string, ShellValue>();
  for (const [name, assignment] of parseSyntax(text).assignments) {
    if (!names.includes(name)) continue;
    if (assignment.kind === 'text') values.set(name, assignment.text);
    if (assignment.kind === 'list')
      values.set(
        name,
        assignment.words.map((word) => word.text),
      );
  }
  return values;
}

/** Source text of a part of a word, beside the value that it stands for. */
interface Written {
  readonly source: string;
  readonly value: string;
}

const visible = fc.string({ unit: anyCharacter, maxLength: 12 }).map((text) => text.replace(/[^\P{Cc}\t]/gu, ''));
const plain = fc
  .string({ unit: fc.constantFrom(...'azAZ09_@%+=:,./^!-#'), minLength: 1, maxLength: 8 })
  .map((text): Written => ({ source: text, value: text }));
const singleQuoted = visible.map((text): Written => {
  const value = text.replaceAll("'", '');
  return { source: `'${value}'`, value };
});
const doubleQuoted = visible.map((value): Written => ({ source: `"${value.replace(/["\\$`]/g, '\\$&')}"`, value }));
const word = fc
  .array(fc.oneof(plain, singleQuoted, doubleQuoted), { minLength: 1, maxLength: 3 })
  .map(
    (parts): Written => ({ source: parts.map((p) => p.source).join(''), value: parts.map((p) => p.value).join('') }),
  );
// A list's word that starts with # would be a comment.
const listWord = word.filter(({ source }) => !source.startsWith('#'));

const blank = fc.constantFrom('', ' ', '\t', '  ');
const comment = visible.map((text) => `#${text}`);
const lineEnd = fc.oneof(
  blank,
  fc.tuple(fc.constantFrom(' ', '\t '), comment).map((parts) => parts.join('')),
);
const between = fc.oneof(
  fc.constantFrom(' ', '\t', '\n', '\n\n  '),
  comment.map((text) => ` ${text}\n`),
);

const textAssignment = fc
  .record({ indent: blank, written: fc.option(word, { nil: { source: '', value: '' } }), end: lineEnd })
  .map(({ indent, written, end }) => (name: string) => ({
    source: `${indent}${name}=${written.source}${end}`,
    value: written.value as ShellValue,
  }));
const listAssignment = fc
  .record({
    indent: blank,
    words: fc.array(fc.tuple(listWord, between), { maxLength: 5 }),
    open: between,
    end: lineEnd,
  })
  .map(({ indent, words, open, end }) => (name: string) => ({
    source: `${indent}${name}=(${open}${words.map(([{ source }, gap]) => source + gap).join('')})${end}`,
    value: words.map(([{ value }]) => value) as ShellValue,
  }));

function file(assignment: typeof textAssignment) {
  return fc
    .record({
      assignments: fc.array(assignment, { maxLength: names.length }),
      filler: fc.array(fc.oneof(blank, comment), { maxLength: 3 }),
      lastLineEnd: fc.constantFrom('', '\n'),
    })
    .map(({ assignments, filler, lastLineEnd }) => {
      const written = assignments.map((write, index) => ({ name: names[index] ?? '', ...write(names[index] ?? '') }));
      return {
        source: [...filler, ...written.flatMap(({ source }) => [source, ...filler])].join('\n') + lastLineEnd,
        values: new Map(written.map(({ name, value }) => [name, value])),
      };
    });
}

const validFile = file(fc.oneof(textAssignment, listAssignment));

/** Nearly valid text: pieces that matter to a shell, in any order. No slash, so that nothing outside the folder can be named. */
const shellish = fc.constantFrom(
  ...[
    'K_A=',
    'K_B=',
    'K_C=(',
    ' ',
    '\t',
    '\n',
    '\n',
    '(',
    ')',
    ') ',
    '"',
    '"',
    "'",
    "'",
    '#',
    ' #',
    '\\',
    '$',
    '`',
    '~',
    '*',
    '?',
  ],
  ...[
    '[',
    ']',
    '{',
    '}',
    ',',
    ';',
    '|',
    '&',
    '<',
    '>',
    '!',
    '=',
    '+=',
    ':',
    '%',
    '^',
    '-',
    'a',
    'b',
    '1',
    'é',
    '\r',
    '\u00a0',
  ],
  ...[
    '""',
    "''",
    '"a"',
    "'b'",
    '"a b"',
    '\\"',
    '\\\\',
    '\\$',
    '$(',
    '${',
    '{a,b}',
    '[0]=',
    'export ',
    '[K_A]=',
    '..',
    '@',
  ],
);
const pieces = fc.array(shellish, { minLength: 1, maxLength: 10 }).map((list) => list.join(''));
const hostileFile = fc.oneof(
  pieces.map((text) => `K_A=${text}`),
  pieces.map((text) => `K_A=( ${text.replace(/[()\n]/g, '')} )`),
);

describe('S0.1 the syntax of settings.conf', () => {
  it('reads every way of writing a value as the value that was meant', () => {
    fc.assert(
      fc.property(validFile, ({ source, values }) => {
        expect(parseSyntax(source).problems).toEqual([]);
        expect(parsedValues(source)).toEqual(values);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, and gives each problem a line of the file, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(hostileFile, fc.string({ unit: anyCharacter, maxLength: 80 })), (text) => {
        const lines = text.split('\n').length;
        for (const { line, message } of parseSyntax(text).problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines);
          expect(message).toMatch(/got .*allowed/s);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.runIf(hasShell('bash'))(
    'reads valid files as bash does',
    () => {
      fc.assert(
        fc.property(fc.array(validFile, { minLength: 20, maxLength: 40 }), (files) => {
          const sources = files.map(({ source }) => source);
          expect(sources.map(parsedValues)).toEqual(sourceInShell('bash', sources, names));
        }),
        { numRuns: 5, endOnFailure: true },
      );
    },
    60_000,
  );

  it.runIf(hasShell('sh'))(
    'reads files without lists as sh does',
    () => {
      fc.assert(
        fc.property(fc.array(file(textAssignment), { minLength: 20, maxLength: 40 }), (files) => {
          const sources = files.map(({ source }) => source);
          const parsed = sources.map((source) => names.map((name) => parsedValues(source).get(name) ?? ''));
          const sourced = sourceInShell('sh', sources, names).map((values) => names.map((name) => values?.get(name)));
          expect(parsed).toEqual(sourced);
        }),
        { numRuns: 5, endOnFailure: true },
      );
    },
    60_000,
  );

  it.runIf(hasShell('bash'))(
    'accepts of nearly valid text only what bash reads as the same values',
    () => {
      let accepted = 0;
      // Once in a hundred runs.
      const other = 'K_A=a\nbK_B=';
      expect([parsedValues(other)]).toEqual(sourceInShell('bash', [other], names));
      fc.assert(
        fc.property(fc.array(hostileFile, { minLength: 100, maxLength: 300 }), (texts) => {
          const sources = texts.filter((text) => parseSyntax(text).problems.length === 0);
          accepted += sources.length;
          expect(sources.map(parsedValues)).toEqual(sourceInShell('bash', sources, names));
        }),
        { numRuns: 6, endOnFailure: true },
      );
      expect(accepted).toBeGreaterThan(20);
    },
    60_000,
  );
});
