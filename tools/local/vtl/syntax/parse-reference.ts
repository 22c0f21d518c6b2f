import type { Expression, Reference, Step } from './nodes.ts';
import { parseIndexArgument, parseParameter, startsParameter } from './parse-expression.ts';
import { sourceOf, type Token } from './token.ts';
import type { TokenStream } from './token-stream.ts';

/** `$x`, `$!x`, `${x}`, each with the properties, methods and indexes after it. @throws TemplateError */
export function parseReference(tokens: TokenStream): Reference {
  const first = tokens.peek();
  const formal = tokens.skip('LCURLY');
  const name = tokens.take('IDENTIFIER');
  const steps: Step[] = parseIndexes(tokens);
  while (tokens.is('DOT') && tokens.is('IDENTIFIER', 2)) {
    tokens.take('DOT');
    steps.push(parseMember(tokens), ...parseIndexes(tokens));
  }
  if (formal) tokens.take('RCURLY');
  return { ...tokens.span(first), kind: 'reference', steps, ...readRoot(tokens, first, formal ? name : undefined) };
}

function parseIndexes(tokens: TokenStream): Step[] {
  const steps: Step[] = [];
  while (tokens.is('INDEX_LBRACKET')) {
    const { offset } = tokens.take('INDEX_LBRACKET');
    steps.push({ kind: 'index', at: parseIndexArgument(tokens), offset });
    tokens.take('INDEX_RBRACKET');
  }
  return steps;
}

function parseMember(tokens: TokenStream): Step {
  const isMethod = tokens.is('LPAREN', 2) && (tokens.is('REFMOD2_RPAREN', 3) || startsParameter(tokens.peek(3)));
  const { image: name, offset } = tokens.take('IDENTIFIER');
  if (!isMethod) return { kind: 'property', name, offset };
  tokens.take('LPAREN');
  const args: Expression[] = [];
  if (!tokens.is('REFMOD2_RPAREN')) {
    do args.push(parseParameter(tokens));
    while (tokens.skip('COMMA'));
  }
  tokens.take('REFMOD2_RPAREN');
  return { kind: 'method', name, args, offset };
}

type Root = Pick<Reference, 'root' | 'slashes' | 'before' | 'escaped' | 'source' | 'inert'>;

/**
 * Takes a reference's first token apart; its escapes are dropped from it for whatever prints the token later.
 *
 * @param name - within braces
 */
function readRoot(tokens: TokenStream, first: Token, name: Token | undefined): Root {
  const bang = /^(.*?\$[^\\]*)(\\+)(.*)$/s.exec(first.image);
  if (bang && first.image.includes('\\!')) {
    const [, before = '', slashes = '', after = ''] = bang;
    const source = before + slashes.slice(1) + after;
    return { root: source, slashes: '', before: '', escaped: false, source, inert: true };
  }
  const escapes = /^\\*/.exec(first.image)?.[0].length ?? 0;
  first.image = first.image.slice(escapes);
  const dollar = Math.max(first.image.lastIndexOf('$'), 0);
  const before = first.image.slice(0, dollar);
  first.image = first.image.slice(dollar);
  const source = sourceOf(tokens.span(first));
  const inert = !first.image.startsWith('$');
  const root = inert ? first.image : (name?.image ?? first.image.replace(/^\$!?/, ''));
  return {
    root,
    slashes: '\\'.repeat(escapes / 2),
    before,
    escaped: escapes % 2 === 1,
    source: inert ? root : source,
    inert,
  };
}
