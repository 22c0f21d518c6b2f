import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSelectionPattern, matchesEntirely, replacePattern } from '#local/vtl/java/pattern.ts';

/** Pattern, text, whether it is matched as a whole, and `text.replaceAll(pattern, "<$0>")`: what OpenJDK 17 says. */
const IN_JAVA: readonly [pattern: string, text: string, matches: boolean, marked: string][] = [
  ['\\p{XDigit}+', 'c0ffee zz 09AF', false, '<c0ffee> zz <09AF>'],
  ['[\\p{XDigit}&&[^0-9]]+', 'c0ffee', false, '<c>0<ffee>'],
  ['\\h+', 'a \t b', false, 'a< \t >b'],
  ['[\\h,]+', 'a\u00a0,b c', false, 'a<\u00a0,>b< >c'],
  ['\\H+', 'a b', false, '<a> <b>'],
  ['\\v', 'a\u000bb\u2028c', false, 'a<\u000b>b<\u2028>c'],
  ['\\R', 'a\r\nb\nc\rd', false, 'a<\r\n>b<\n>c<\r>d'],
  ['(?>a+)b', 'aaab', true, '<aaab>'],
  ['(?>a+)ab', 'aaab', false, 'aaab'],
  ['a++b', 'aaab', true, '<aaab>'],
  ['a++ab', 'aaab', false, 'aaab'],
  ['a?+a', 'aa a', false, '<aa> a'],
  ['a*+', 'aab', false, '<aa><>b<>'],
  ['[a-z]{2,3}+c', 'abcc', true, '<abcc>'],
  ['[a-z&&[^aeiou]]+', 'consonants', false, '<c>o<ns>o<n>a<nts>'],
  ['[a-z&&def]+', 'abcdefg', false, 'abc<def>g'],
  ['[a-d[m-p]]+', 'abcmnoxyz', false, '<abcmno>xyz'],
  ['[^a-z&&[^0-9]]+', 'abc-09-A', false, 'abc<-09-A>'],
  ['[a-z&&[def][xyz]]+', 'abcdefxyz', false, 'abc<defxyz>'],
  ['[\\w&&\\D]+', 'ab12_c', false, '<ab>12<_c>'],
  ['[]a]+', ']a[', false, '<]a>['],
  ['[a-]+', 'a-b', false, '<a->b'],
  ['[a&b]+', 'a&b', true, '<a&b>'],
  ['[(){}|/]+', '(a){b}|/', false, '<(>a<){>b<}|/>'],
  ['\\p{Alpha}+', 'größe A', false, '<gr>öß<e> <A>'],
  ['(?U)\\p{Alpha}+', 'größe A', false, '<größe> <A>'],
  ['\\p{L}+', 'Größe 1', false, '<Größe> 1'],
  ['\\pL+', 'Größe 1', false, '<Größe> 1'],
  ['\\P{L}+', 'Größe 1-2', false, 'Größe< 1-2>'],
  ['\\p{IsLatin}+', 'aбв c', false, '<a>бв <c>'],
  ['\\p{script=Cyrillic}+', 'aбв c', false, 'a<бв> c'],
  ['\\p{IsAlphabetic}+', 'aбв1', false, '<aбв>1'],
  ['\\p{Lu}', 'aBÉ', false, 'a<B><É>'],
  ['(?i)\\p{Lu}+', 'aBé1', false, '<aBé>1'],
  ['\\p{Punct}+', 'a.,-b$+', false, 'a<.,->b<$+>'],
  ['\\p{javaLowerCase}+', 'aéB', false, '<aé>B'],
  ['\\p{Space}+', 'a \t\u000bb', false, 'a< \t\u000b>b'],
  ['\\p{Blank}', 'a \tb', false, 'a< ><\t>b'],
  ['\\p{Cntrl}', 'a\u0007b', false, 'a<\u0007>b'],
  ['\\p{Graph}+', 'a b', false, '<a> <b>'],
  ['(?i)straße', 'STRAßE strasse', false, '<STRAßE> strasse'],
  ['(?i)é', 'É é', false, 'É <é>'],
  ['(?iu)é', 'É é', false, '<É> <é>'],
  ['(?i)[a-f]+', 'ABCxyz', false, '<ABC>xyz'],
  ['a(?i)b|c', 'aB C ac', false, '<aB> <C> a<c>'],
  ['(?i:a)b', 'Ab AB', false, '<Ab> AB'],
  ['(?-i)a', 'A a', false, 'A <a>'],
  ['(?s).+', 'a\nb', true, '<a\nb>'],
  ['.+', 'a\u0085b', false, '<a>\u0085<b>'],
  ['(?d).+', 'a\rb\nc', false, '<a\rb>\n<c>'],
  ['(?m)^.', 'ab\ncd\n', false, '<a>b\n<c>d\n'],
  ['(?m).$', 'ab\r\ncd\n', false, 'a<b>\r\nc<d>\n'],
  ['^', '\n', false, '<>\n'],
  ['b$', 'ab\n', false, 'a<b>\n'],
  ['b\\Z', 'ab\r\n', false, 'a<b>\r\n'],
  ['b\\z', 'ab\n', false, 'ab\n'],
  ['\\Aa', 'aa', false, '<a>a'],
  ['(?x) a b # comment\n c', 'abc a b c', false, '<abc> a b c'],
  ['(?x)[a b]+', 'a b', false, '<a> <b>'],
  ['\\bé', 'é bé', false, '<é> bé'],
  ['\\w+', 'éa_1', false, 'é<a_1>'],
  ['\\d+', '1٢3', false, '<1>٢<3>'],
  ['(?U)\\d+', '1٢3', true, '<1٢3>'],
  ['\\Qa.b\\E+', 'a.bbb a.b', false, '<a.bbb> <a.b>'],
  ['[\\Q]-\\E]+', 'a]-b', false, 'a<]->b'],
  ['\\x41\\u0042\\0103', 'ABC', true, '<ABC>'],
  ['\\x{1F600}', 'a😀', false, 'a<😀>'],
  ['[😀-😂]', '😁', true, '<😁>'],
  ['\\ud83d\\ude00', '😀', true, '<😀>'],
  ['\\e|\\a|\\cA', '\u001b\u0007\u0001', false, '<\u001b><\u0007><\u0001>'],
  ['(a)(b)?\\1', 'aba aa', false, '<aba> <aa>'],
  ['(?<year>\\d{4})-(?<month>\\d\\d)', '2026-11', true, '<2026-11>'],
  ['(\\w)\\1', 'hello book', false, 'he<ll>o b<oo>k'],
  ['(?<c>\\w)\\k<c>', 'hello', false, 'he<ll>o'],
  ['(?<=a)b', 'ab cb', false, 'a<b> cb'],
  ['(?<!a)b', 'ab cb', false, 'ab c<b>'],
  ['(?=a)a', 'a', true, '<a>'],
  ['a|b|', 'ab', false, '<a><b><>'],
  ['(?:(a)|b)+', 'ab', true, '<ab>'],
  ['a{2}', 'aaaaa', false, '<aa><aa>a'],
  ['a{2,}?', 'aaaaa', true, '<aa><aa>a'],
  ['}]', '}]', true, '<}]>'],
  ['\\-\\/\\ ', '-/ ', true, '<-/ >'],
  ['400: .*', '400: a\nb', false, '<400: a>\nb'],
  ['4\\d{2}|5..', '404', true, '<404>'],
  ['(?s:.)+', 'a\nb', true, '<a\nb>'],
  ['a.c', 'a😀c', true, '<a😀c>'],
];

const REFUSED_BY_JAVA = [
  'a\\',
  'a{',
  '*a',
  '(a',
  'a)',
  '[a',
  '\\y',
  '\\p{Foo}',
  '\\p{Latin}',
  '[z-a]',
  'a{2,1}',
  '(?<n>a)(?<n>b)',
  '\\k<n>',
  '(?<=(?:ab)+)c',
];

describe('regular expressions of Java', () => {
  it.each(IN_JAVA)('%s in %j', (pattern, text, matches, marked) => {
    expect(replacePattern(text, pattern, '<$0>', true)).toBe(marked);
    expect(matchesEntirely(pattern, text)).toBe(matches);
    expect(compileSelectionPattern(pattern)?.test(text)).toBe(matches);
  });

  it.each(REFUSED_BY_JAVA)('refuses %s', (pattern) => {
    expect(() => matchesEntirely(pattern, 'a')).toThrow('Not a regular expression');
    expect(compileSelectionPattern(pattern)).toBeUndefined();
  });

  it.each(['(a)?\\1', '\\p{InGreek}', '\\X', '\\Ga'])('says of %s that it can not be run here', (pattern) => {
    expect(() => matchesEntirely(pattern, 'a')).toThrow('Not a regular expression');
  });

  it('takes groups of a replacement by number and name, with as many digits as there are groups', () => {
    expect(replacePattern('2026-11', '(?<year>\\d+)-(?:a|(\\d+))', '$2/${year}$10\\$', true)).toBe('11/202620260$');
    expect(() => replacePattern('a', '(a)', '$2', true)).toThrow('names group 2');
    expect(() => replacePattern('a', '(a)', '${b}', true)).toThrow('names the group b');
    expect(() => replacePattern('a', 'a', '$', true)).toThrow('nothing behind it');
  });
});

const PROGRAM = `import java.io.*; import java.nio.charset.StandardCharsets; import java.util.*; import java.util.regex.*;
public class Compare {
  static String decode(String text) { return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8); }
  public static void main(String[] args) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = lines.readLine()) != null; ) {
      String[] parts = line.split(" ", -1);
      StringBuilder out = new StringBuilder();
      try {
        Pattern pattern = Pattern.compile(decode(parts[0]));
        for (int at = 1; at < parts.length; at++) {
          Matcher matcher = pattern.matcher(decode(parts[at]));
          out.append(matcher.matches()).append(' ').append(
              Base64.getEncoder().encodeToString(matcher.replaceAll("<$0>").getBytes(StandardCharsets.UTF_8))).append(' ');
        }
      } catch (PatternSyntaxException refused) { out = new StringBuilder("refused"); }
      System.out.println(out.toString().trim());
    }
  }
}`;

describe.runIf(spawnSync('java', ['-version']).status === 0)('beside the Java of this machine', () => {
  it('agrees on 500 generated patterns and 8 texts each', { timeout: 60_000 }, () => {
    const characters = fc.constantFrom(
      'a',
      'b',
      'B',
      '1',
      '-',
      ' ',
      '.',
      '\\.',
      '\\n',
      '\\x41',
      '/',
      '\\Qa.\\E',
      'é',
      '\\p{L}',
      '\\d',
      '\\W',
      '\\h',
    );
    const member = fc.constantFrom(
      'a-c',
      'B',
      '1',
      '-',
      '\\d',
      '\\p{XDigit}',
      '[^b]',
      '[x-z]',
      '\\p{Lu}',
      '(',
      '*',
      '^',
      '\\s',
      '$',
    );
    const members = fc.array(member, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
    const ofClass = fc
      .tuple(fc.constantFrom('[', '[^'), members, fc.option(members, { freq: 2 }))
      .map(([open, left, right]) => `${open}${left}${right === null ? '' : `&&${right}`}]`);
    const atom = fc.oneof(
      characters,
      ofClass,
      fc.constantFrom(
        '^',
        '$',
        '\\b',
        '\\z',
        '(?i)b',
        '(a)',
        '(?>a+|b)',
        '(?=b)',
        '(?<!a)',
        '(?i:b)',
        '(?:ab|a)',
        '(?<n>1)',
      ),
    );
    const quantifier = fc.constantFrom('', '', '*', '+', '?', '+?', '++', '*+', '?+', '{2}', '{1,2}+');
    const sequence = fc
      .array(fc.tuple(atom, quantifier), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.map((part) => part.join('')).join(''));
    const patterns = fc.sample(
      fc.array(sequence, { minLength: 1, maxLength: 2 }).map((parts) => parts.join('|')),
      {
        numRuns: 500,
        seed: 20_261_128,
      },
    );
    const texts = fc.sample(
      fc.string({ unit: fc.constantFrom('a', 'b', 'B', '1', '-', ' ', 'é', 'A', '\n'), maxLength: 6 }),
      {
        numRuns: 8,
        seed: 7,
      },
    );
    const folder = mkdtempSync(join(tmpdir(), 'java-patterns-'));
    try {
      const program = join(folder, 'Compare.java');
      writeFileSync(program, PROGRAM);
      const encode = (text: string) => Buffer.from(text).toString('base64');
      const input = patterns.map((pattern) => [pattern, ...texts].map(encode).join(' ')).join('\n');
      const lines = execFileSync('java', ['-Xshare:auto', program], { input: `${input}\n`, encoding: 'utf8' }).split(
        '\n',
      );
      const differing = patterns.filter((pattern, at) => {
        let ours = 'refused';
        try {
          ours = texts
            .map((text) => `${matchesEntirely(pattern, text)} ${encode(replacePattern(text, pattern, '<$0>', true))}`)
            .join(' ');
        } catch {}
        return ours !== lines[at]?.trim();
      });
      expect(differing).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
