import { isIP } from 'node:net';
import type { ClientRequest } from '#local/http/client-request.ts';
import type { ByteMatch, RateBased, WafStatement } from '#local/model/waf/web-acl-model.ts';
import { RateCounter } from './rate-counter.ts';

/** Whether a request is one of those that a statement is about. */
export type Matches = (request: ClientRequest) => boolean;

/**
 * Compiles a statement. One with a rate counts each request that it looks at.
 *
 * Source: AWS WAF Developer Guide, "Using rule statements in AWS WAF".
 *
 * @param now - number of the ten seconds that it is
 */
export function compileStatement(statement: WafStatement, now: () => number): Matches {
  switch (statement.kind) {
    case 'not': {
      const matches = compileStatement(statement.statement, now);
      return (request) => !matches(request);
    }
    case 'and':
    case 'or': {
      const all = statement.statements.map((each) => compileStatement(each, now));
      return statement.kind === 'and'
        ? (request) => all.every((matches) => matches(request))
        : (request) => all.some((matches) => matches(request));
    }
    case 'byte-match':
      return compileByteMatch(statement);
    case 'rate':
      return compileRate(statement, now);
  }
}

function compileByteMatch({ constraint, text, field, isLowercased }: ByteMatch): Matches {
  const holds = (value: string): boolean => {
    switch (constraint) {
      case 'CONTAINS':
        return value.includes(text);
      case 'CONTAINS_WORD':
        return holdsWord(value, text);
      case 'ENDS_WITH':
        return value.endsWith(text);
      case 'EXACTLY':
        return value === text;
      case 'STARTS_WITH':
        return value.startsWith(text);
    }
  };
  return (request) => {
    const value = fieldValue(request, field);
    return value !== undefined && holds(isLowercased ? value.toLowerCase() : value);
  };
}

/** Words are of letters, digits and `_`. Source: AWS WAF API Reference, ByteMatchStatement. */
function holdsWord(value: string, word: string): boolean {
  for (let at = value.indexOf(word); at >= 0; at = value.indexOf(word, at + 1)) {
    const around = [value[at - 1], value[at + word.length]];
    if (around.every((character) => character === undefined || !/\w/.test(character))) return true;
  }
  return false;
}

/** @returns undefined: the request has no such header */
function fieldValue({ method, target, headers }: ClientRequest, field: ByteMatch['field']): string | undefined {
  if (field === 'method') return method;
  const mark = target.indexOf('?');
  if (field === 'uri_path') return mark < 0 ? target : target.slice(0, mark);
  if (field === 'query_string') return mark < 0 ? '' : target.slice(mark + 1);
  return headers[field.slice('header:'.length)]?.toString();
}

function compileRate({ limit, windowSeconds, key, scope }: RateBased, now: () => number): Matches {
  const counter = new RateCounter(limit, windowSeconds, now);
  const isCounted = scope ? compileStatement(scope, now) : () => true;
  return (request) => {
    if (!isCounted(request)) return false;
    if (key === 'CONSTANT') return counter.add('');
    if (key === 'IP') return counter.add(request.sourceIp);
    const value = request.headers[key.header]?.toString();
    // Without the header the rule is not about the request at all.
    if (value === undefined) return false;
    const [address = ''] = value.split(',', 1).map((each) => each.trim());
    return isIP(address) === 0 ? key.fallback === 'MATCH' : counter.add(address);
  };
}
