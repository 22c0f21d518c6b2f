import type { Argument, Directive } from './nodes.ts';
import { parseOperand, startsParameter } from './parse-expression.ts';
import { type DirectiveNames, isDirective, parseBlock } from './parse-template.ts';
import type { Token } from './token.ts';
import type { TokenStream } from './token-stream.ts';

const BLOCKS = new Set(['foreach', 'macro', 'literal', 'define']);

/**
 * A directive or a macro's call. Without parentheses it is its name alone, also where it would have a block.
 *
 * @throws TemplateError for a word where the directive doesn't take one
 */
export function parseDirective(tokens: TokenStream, names: DirectiveNames): Directive {
  const first = tokens.peek();
  const bracketed = first.kind === 'BRACKETED_WORD';
  tokens.take(first.kind);
  const name = bracketed ? first.image.slice('#{'.length, -'}'.length) : first.image.slice('#'.length);
  const isVelocimacro = !isDirective(name) && !name.startsWith('@') && names.isMacro(name);
  tokens.lexer.enterDirective();
  if (!tokens.lexer.isParenthesisNext()) {
    if (name === 'macro') throw tokens.error('a #macro has no name', first.offset);
    tokens.lexer.leaveDirective();
    return { ...tokens.span(first), kind: 'directive', name, args: undefined, body: undefined, block: undefined };
  }
  tokens.skip('WHITESPACE');
  tokens.take('LPAREN');
  const args = parseArguments(tokens, (word, at) => {
    if (!allowsWord(name, at, isVelocimacro)) throw tokens.error(`#${name} takes no bare word`, word.offset);
  });
  tokens.skip('WHITESPACE');
  tokens.take('RPAREN');
  if (name === 'macro' && args[0]?.kind !== 'word')
    throw tokens.error("a #macro's first argument is its name, without quotes", first.offset);
  if (!BLOCKS.has(name) && !name.startsWith('@'))
    return { ...tokens.span(first), kind: 'directive', name, args, body: undefined, block: undefined };
  const start = tokens.peek();
  const body = parseBlock(tokens, names);
  const block = start.kind === 'END' ? undefined : tokens.span(start);
  tokens.take('END');
  const [declared] = args;
  if (name === 'macro' && declared?.kind === 'word') names.declare(declared.word);
  return { ...tokens.span(first), kind: 'directive', name, args, body, block };
}

/** A macro's name, `in` of a `#foreach` (any word will do), and whatever a macro that is declared later takes. */
function allowsWord(name: string, at: number, isVelocimacro: boolean): boolean {
  if (name === 'macro') return at === 0;
  if (name === 'foreach') return at === 1;
  return !isDirective(name) && !isVelocimacro;
}

/** With or without commas between them. */
function parseArguments(tokens: TokenStream, checkWord: (word: Token, at: number) => void): Argument[] {
  const args: Argument[] = [];
  while (isArgumentNext(tokens)) {
    tokens.skip('WHITESPACE');
    if (tokens.skip('COMMA')) tokens.skip('WHITESPACE');
    const word = tokens.peek();
    if (word.kind !== 'WORD') {
      args.push(parseOperand(tokens));
      continue;
    }
    checkWord(word, args.length);
    tokens.take('WORD');
    args.push({ kind: 'word', word: word.image, ...tokens.span(word) });
  }
  return args;
}

function isArgumentNext(tokens: TokenStream): boolean {
  const { kind } = tokens.peek();
  if (kind !== 'WHITESPACE' && kind !== 'COMMA') return kind === 'WORD' || startsParameter(tokens.peek());
  const next = tokens.peek(2);
  if (kind === 'WHITESPACE' && next.kind === 'COMMA') return true;
  return next.kind === 'WORD' || startsParameter(next);
}
