import type { TokenKind } from './token.ts';

/** The lexer's states, named as in Velocity's grammar. */
export type LexerState =
  | 'DEFAULT'
  | 'PRE_DIRECTIVE'
  | 'DIRECTIVE'
  | 'REFERENCE'
  | 'REFMODIFIER'
  | 'REFMOD2'
  | 'REFINDEX'
  | 'IN_SINGLE_LINE_COMMENT'
  | 'IN_FORMAL_COMMENT'
  | 'IN_MULTI_LINE_COMMENT'
  | 'IN_TEXTBLOCK';

/** The length of what matches at an offset; 0: nothing. */
type Match = (source: string, at: number) => number;

interface LexerRule {
  readonly kind: TokenKind;
  readonly match: Match;
}

const LINE_END = '(?:[ \\t]*(?:\\r\\n|\\n|\\r))?';
const EXPONENT = '(?:[eE][+-]?[0-9]+)';
const ALL: readonly LexerState[] = [
  'DEFAULT',
  'PRE_DIRECTIVE',
  'DIRECTIVE',
  'REFERENCE',
  'REFMODIFIER',
  'REFMOD2',
  'REFINDEX',
  'IN_SINGLE_LINE_COMMENT',
  'IN_FORMAL_COMMENT',
  'IN_MULTI_LINE_COMMENT',
  'IN_TEXTBLOCK',
];

/** In the order of the grammar's declarations. */
const RULES: readonly (readonly [kind: TokenKind, match: Match | string, states: readonly LexerState[]])[] = [
  ['INDEX_LBRACKET', '\\[', ['REFERENCE', 'REFMODIFIER']],
  ['INDEX_RBRACKET', '\\]', ['REFINDEX']],
  ['LBRACKET', '\\[', ['DIRECTIVE', 'REFMOD2']],
  ['RBRACKET', '\\]', ['DIRECTIVE', 'REFMOD2']],
  ['COMMA', ',', ['DIRECTIVE', 'REFMOD2']],
  ['DOUBLEDOT', '\\.\\.', ['DIRECTIVE', 'REFMOD2']],
  ['COLON', ':', ['DIRECTIVE', 'REFMOD2']],
  ['LEFT_CURLEY', '\\{', ['DIRECTIVE', 'REFMOD2']],
  ['RIGHT_CURLEY', '\\}', ['DIRECTIVE', 'REFMOD2']],
  ['LPAREN', '\\(', ['DIRECTIVE', 'REFMODIFIER']],
  ['RPAREN', `\\)${LINE_END}`, ['DIRECTIVE']],
  ['REFMOD2_RPAREN', '\\)', ['REFMOD2']],
  ['ESCAPE_DIRECTIVE', matchEscapedDirective, ['DEFAULT']],
  ['SET_DIRECTIVE', '[ \\t]*(?:#set|#\\{set\\}) *\\(', ['DEFAULT', 'REFERENCE', 'REFMODIFIER', 'REFMOD2']],
  ['DOLLAR', matchDollar, ALL],
  ['TEXTBLOCK_START', '#\\[\\[', ALL],
  ['FORMAL_COMMENT_START', '#\\*\\*[^#]', ALL],
  ['MULTI_LINE_COMMENT_START', '#\\*', ALL],
  ['HASH', '#', ALL],
  ['SINGLE_LINE_COMMENT_START', '##', ['DEFAULT', 'PRE_DIRECTIVE', 'DIRECTIVE', 'REFERENCE']],
  ['DOUBLE_ESCAPE', '\\\\\\\\', ['DEFAULT']],
  ['ESCAPE', '\\\\', ['DEFAULT']],
  ['TEXT', '[^$#\\\\]+', ['DEFAULT']],
  ['SINGLE_LINE_COMMENT', '\\r\\n|\\n|\\r', ['IN_SINGLE_LINE_COMMENT']],
  ['FORMAL_COMMENT', '\\*#', ['IN_FORMAL_COMMENT']],
  ['MULTI_LINE_COMMENT', '\\*#', ['IN_MULTI_LINE_COMMENT']],
  ['TEXTBLOCK', '\\]\\]#', ['IN_TEXTBLOCK']],
  ['SKIPPED', '[\\s\\S]', ['IN_SINGLE_LINE_COMMENT', 'IN_FORMAL_COMMENT', 'IN_MULTI_LINE_COMMENT']],
  ['CONTINUED', '[\\s\\S]', ['IN_TEXTBLOCK']],
  ['WHITESPACE', '[ \\t\\n\\r]+', ['DIRECTIVE', 'REFMOD2', 'REFINDEX']],
  ['STRING_LITERAL', matchString, ['DIRECTIVE', 'REFMOD2', 'REFINDEX']],
  ['TRUE', 'true', ['REFERENCE', 'DIRECTIVE', 'REFMODIFIER', 'REFMOD2', 'REFINDEX']],
  ['FALSE', 'false', ['REFERENCE', 'DIRECTIVE', 'REFMODIFIER', 'REFMOD2', 'REFINDEX']],
  ['MINUS', '-', ['DIRECTIVE']],
  ['PLUS', '\\+', ['DIRECTIVE']],
  ['MULTIPLY', '\\*', ['DIRECTIVE']],
  ['DIVIDE', '/', ['DIRECTIVE']],
  ['MODULUS', '%', ['DIRECTIVE']],
  ['LOGICAL_AND', '&&|and', ['DIRECTIVE']],
  ['LOGICAL_OR', '\\|\\||or', ['DIRECTIVE']],
  ['LOGICAL_LT', '<|lt', ['DIRECTIVE']],
  ['LOGICAL_LE', '<=|le', ['DIRECTIVE']],
  ['LOGICAL_GT', '>|gt', ['DIRECTIVE']],
  ['LOGICAL_GE', '>=|ge', ['DIRECTIVE']],
  ['LOGICAL_EQUALS', '==|eq', ['DIRECTIVE']],
  ['LOGICAL_NOT_EQUALS', '!=|ne', ['DIRECTIVE']],
  ['LOGICAL_NOT', '!|not', ['DIRECTIVE']],
  ['EQUALS', '=', ['DIRECTIVE']],
  ['END', `(?:end|\\{end\\})${LINE_END}`, ['PRE_DIRECTIVE']],
  ['IF_DIRECTIVE', 'if|\\{if\\}', ['PRE_DIRECTIVE']],
  ['ELSEIF_DIRECTIVE', 'elseif|\\{elseif\\}', ['PRE_DIRECTIVE']],
  ['ELSE_DIRECTIVE', `(?:else|\\{else\\})${LINE_END}`, ['PRE_DIRECTIVE']],
  ['INTEGER_LITERAL', '-?[0-9]+(?:\\.\\.)?', ['PRE_DIRECTIVE', 'DIRECTIVE', 'REFMOD2', 'REFINDEX']],
  [
    'FLOATING_POINT_LITERAL',
    `-?[0-9]+\\.[0-9]*${EXPONENT}?|-?\\.[0-9]+${EXPONENT}?|-?[0-9]+${EXPONENT}`,
    ['PRE_DIRECTIVE', 'DIRECTIVE', 'REFMOD2', 'REFINDEX'],
  ],
  ['WORD', '[a-zA-Z_@][a-zA-Z0-9_@]*', ['PRE_DIRECTIVE', 'DIRECTIVE']],
  ['BRACKETED_WORD', '\\{[a-zA-Z_][a-zA-Z0-9_@]*\\}', ['PRE_DIRECTIVE', 'DIRECTIVE']],
  ['IDENTIFIER', '[a-zA-Z_][a-zA-Z0-9_-]*', ['REFERENCE', 'REFMODIFIER', 'REFMOD2']],
  ['DOT', '\\.[a-zA-Z]', ['REFERENCE', 'REFMODIFIER', 'REFMOD2']],
  ['LCURLY', '\\{', ['REFERENCE', 'REFMODIFIER']],
  ['RCURLY', '\\}', ['REFERENCE', 'REFMODIFIER']],
  ['REFERENCE_TERMINATOR', '[\\s\\S]', ['REFERENCE', 'REFMODIFIER']],
  ['DIRECTIVE_TERMINATOR', '[\\s\\S]', ['PRE_DIRECTIVE']],
  ['EMPTY_INDEX', '\\$(?:!\\[|\\\\!\\[|\\[|\\.)', ['DEFAULT', 'REFERENCE']],
];

/** The rules of each state, in their order. */
export const LEXER_RULES: ReadonlyMap<LexerState, readonly LexerRule[]> = new Map(
  ALL.map((state) => [
    state,
    RULES.filter(([, , states]) => states.includes(state)).map(([kind, match]) => ({
      kind,
      match: typeof match === 'string' ? matchPattern(match) : match,
    })),
  ]),
);

function matchPattern(source: string): Match {
  const pattern = new RegExp(source, 'y');
  return (text, at) => {
    pattern.lastIndex = at;
    return pattern.test(text) ? pattern.lastIndex - at : 0;
  };
}

/** `$`, `$!`, each with any number of backslashes before it. */
function matchDollar(text: string, at: number): number {
  const dollar = skipBackslashes(text, at);
  if (text[dollar] !== '$') return 0;
  const bang = skipBackslashes(text, dollar + 1);
  return (text[bang] === '!' ? bang : dollar) + 1 - at;
}

const directiveName = matchPattern('#(?:[a-zA-Z_@][a-zA-Z0-9_@]*|\\{[a-zA-Z_][a-zA-Z0-9_@]*\\})');

/** An odd number of backslashes, and what could be a directive. */
function matchEscapedDirective(text: string, at: number): number {
  const hash = skipBackslashes(text, at);
  if ((hash - at) % 2 === 0 || text[hash] !== '#') return 0;
  const name = directiveName(text, hash);
  return name === 0 ? 0 : hash - at + name;
}

/** The longest text in quotes, where two quotes within it are one: with none that closes after a pair, the pair's first one closes. */
function matchString(text: string, at: number): number {
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return 0;
  let closing = 0;
  for (let from = at + 1; ; from += 2) {
    from = text.indexOf(quote, from);
    if (from < 0) return closing;
    closing = from + 1 - at;
    if (text[from + 1] !== quote) return closing;
  }
}

let run = { text: '', from: 0, to: 0 };

/** Where the backslashes from here on end; a run is measured once, however often it is asked for. */
function skipBackslashes(text: string, at: number): number {
  if (text[at] !== '\\') return at;
  if (run.text !== text || at < run.from || at >= run.to) {
    let to = at;
    while (text[to] === '\\') to++;
    run = { text, from: at, to };
  }
  return run.to;
}
