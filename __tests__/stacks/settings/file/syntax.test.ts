import { describe, expect, it } from 'vitest';
import { parseSyntax } from '#stacks/settings/file/syntax.ts';

function problems(text: string): readonly string[] {
  return parseSyntax(text).problems.map(({ line, message }) => `${line}: ${message}`);
}

describe('S0.1 what the syntax of settings.conf refuses', () => {
  it.each([
    ['a variable', 'KEY=$HOME', /\$ outside quotes/],
    ['a variable in double quotes', 'KEY="a $HOME"', /\$ inside double quotes/],
    ['a command', 'KEY=`ls`', /` outside quotes/],
    ['a command in double quotes', 'KEY="$(ls)"', /\$ inside double quotes/],
    ['a second command', 'KEY=a; ls', /; outside quotes/],
    ['a second command behind a blank', 'KEY=a ;ls', /; outside quotes/],
    ['a pipe', 'KEY=a|b', /\| outside quotes/],
    ['a command in the background', 'KEY=a &', /& outside quotes/],
    ['a redirection', 'KEY=a > file', /> outside quotes/],
    ['a redirection of input', 'KEY=<file', /< outside quotes/],
    ['a file pattern with *', 'KEY=( *.ts )', /\* outside quotes/],
    ['a file pattern with ?', 'KEY=a?', /\? outside quotes/],
    ['a file pattern with [', 'KEY=( [0]=a )', /\[ outside quotes/],
    ['a home directory', 'KEY=~/folder', /~ outside quotes/],
    ['a home directory behind a colon', 'KEY=a:~', /~ outside quotes/],
    ['braces', 'KEY=( {a,b} )', /\{ outside quotes/],
    ['a backslash', 'KEY=a\\ b', /\\ outside quotes/],
    ['a joined line', 'KEY=a\\', /\\ outside quotes/],
    ['a joined line in double quotes', 'KEY="a\\', /\\ inside double quotes/],
    ['an escape that is none', 'KEY="a\\n"', /\\ inside double quotes/],
    ['a letter beyond ASCII', 'KEY=é', /é outside quotes/],
    ['a character of two code units', 'KEY=a😀', /😀 outside quotes/],
    ['a double quote that stays open', 'KEY="a', /opening " without/],
    ['a single quote that stays open', "KEY='a", /opening ' without/],
    ['a blank before =', 'KEY = "a"', /Delete the blank before =/],
    ['a blank behind =', 'KEY= "a"', /Delete the blank behind =/],
    ['a list behind a blank', 'KEY= ( "a" )', /\( outside quotes/],
    ['two words', 'KEY=a b', /got "b" behind the value.*Put quotes around/],
    ['two assignments on a line', 'KEY=a OTHER=b', /got "OTHER=b" behind the value/],
    ['export', 'export KEY=a', /Delete "export"/],
    ['readonly', 'readonly KEY=a', /Delete "readonly"/],
    ['an assignment that adds', 'KEY+=( "a" )', /Give all values in one list/],
    ['an assignment to an element', 'KEY[0]="a"', /Give all values in one list/],
    ['a command', 'ls', /got "ls", allowed: KEY="value"/],
    ['a name that starts with a digit', '1KEY=a', /got "1KEY=a"/],
    ['a parenthesis in a value', 'KEY=a(b)', /\( outside quotes/],
    ['a list in a list', 'KEY=( "a" ("b") )', /\( outside quotes/],
    ['text behind a list', 'KEY=( "a" ) b', /got "b" behind the value/],
    ['text right behind a list', 'KEY=( "a" )b', /got "b" behind the value/],
    ['a comment right behind a list', 'KEY=( "a" )# b', /Put a blank before the comment/],
    ['a list that stays open', 'KEY=( "a"', /KEY: got \( without \)/],
    ['a NUL', 'KEY="a\0b"', /control character U\+0000/],
    ['an escape character in a comment', '# \u001b[31m', /control character U\+001B/],
    ['a byte order mark', '\ufeffKEY=a', /byte order mark/],
  ])('%s', (_, text, message) => {
    expect(problems(text)).toHaveLength(1);
    expect(problems(text)[0]).toMatch(/^1: .*got .*allowed: /);
    expect(problems(text)[0]).toMatch(message);
  });

  it('reports a key that is given twice, with the line of the first', () => {
    const { assignments, problems: found } = parseSyntax('A=1\n\nA=2\nA=( "3" )');
    expect(found.map(({ line }) => line)).toEqual([3, 4]);
    expect(found[0]?.message).toContain('set on line 1 already');
    expect(assignments.get('A')).toMatchObject({ kind: 'text', text: '1' });
  });

  it('reports both lines of a quote that is closed on the next one', () => {
    expect(problems('KEY="a\nb"')).toEqual([
      expect.stringMatching(/^1: KEY: got an opening " without a closing one/),
      expect.stringMatching(/^2: got "b\\""/),
    ]);
  });

  it('reports Windows line ends once, and still reads the values and the other problems', () => {
    const { assignments, problems: found } = parseSyntax('A=1\r\nB=(\r\n  "2"\r\n)\r\nC=$D\r\n');
    expect(found.map(({ line }) => line)).toEqual([1, 5]);
    expect(found[0]?.message).toMatch(/\(and 4 more\).*CR LF/);
    expect(assignments.get('A')).toMatchObject({ text: '1' });
    expect(assignments.get('B')).toMatchObject({ words: [{ text: '2', line: 3 }] });
  });

  it('reports all problems of a file at once, each with its line', () => {
    const text = 'export A=1\nB=$b\nC=( "1"\n  `c`\n  "3" ; )\nD="ok"\nE = 1\n';
    expect(parseSyntax(text).problems.map(({ line }) => line)).toEqual([1, 2, 4, 5, 7]);
    expect(parseSyntax(text).assignments.get('D')).toMatchObject({ text: 'ok' });
  });

  it('goes on behind a list that stays open, so that it hides no other key', () => {
    for (const text of ['A=( "1"\nB="2"\nC=$c\n', 'A=( "1"\nB="2"\nC=$c\nD=( "1" )\n']) {
      const { assignments, problems: found } = parseSyntax(text);
      expect(found.map(({ line }) => line)).toEqual([1, 3]);
      expect(assignments.get('A')?.kind).toBe('broken');
      expect(assignments.get('B')).toMatchObject({ kind: 'text', text: '2' });
    }
  });
});

describe('S0.1 what the syntax of settings.conf accepts', () => {
  it.each([
    ['no value', 'KEY=', ''],
    ['no value before a comment', 'KEY= # comment', ''],
    ['# inside a word', 'KEY=a#b', 'a#b'],
    ['# at the start of a value', 'KEY=#a', '#a'],
    ['# in quotes', 'KEY="a # b" # c', 'a # b'],
    ['quotes inside quotes', `KEY='say "a"'`, 'say "a"'],
    ['escapes in double quotes', 'KEY="\\"\\\\\\$\\`"', '"\\$`'],
    ['a backslash in single quotes', "KEY='\\n'", '\\n'],
    ['$ in single quotes', "KEY='$HOME'", '$HOME'],
    ['parts without blanks between them', `KEY=a"b c"'d'e`, 'ab cde'],
    ['blanks around the assignment', ' \tKEY=a \t', 'a'],
    ['an assignment as value', 'KEY=OTHER=a', 'OTHER=a'],
    ['comments with what Unicode ends lines with', 'KEY=a # b\u2028c\n# d\u2029e\n#\u2028', 'a'],
  ])('%s', (_, text, value) => {
    expect(parseSyntax(text)).toMatchObject({ problems: [] });
    expect(parseSyntax(text).assignments.get('KEY')).toMatchObject({ kind: 'text', text: value, line: 1 });
  });

  it.each([
    ['no words', 'KEY=()', []],
    ['words on one line', `KEY=("a" 'b' c)`, ['a', 'b', 'c']],
    ['words and comments on several lines', 'KEY=( # first\n  "a" # "x"\n\n  # "y" )\n  "b#c" ) # end', ['a', 'b#c']],
    ['an empty word', 'KEY=( "" )', ['']],
    ['a word and comments with what Unicode ends lines with', 'KEY=( "a" # b\u2028c\n) # d\u2029', ['a']],
  ])('a list of %s', (_, text, words) => {
    const assignment = parseSyntax(text).assignments.get('KEY');
    expect(parseSyntax(text).problems).toEqual([]);
    expect(assignment?.kind === 'list' && assignment.words.map((word) => word.text)).toEqual(words);
  });

  it('keeps the line of each word of a list', () => {
    expect(parseSyntax('# c\nKEY=( "a"\n\n"b" )').assignments.get('KEY')).toMatchObject({
      line: 2,
      words: [
        { text: 'a', line: 2 },
        { text: 'b', line: 4 },
      ],
    });
  });
});
