import type { QueryParameters } from '#functions/http/query-string.ts';
import { readBodyPath } from '#local/gateway/body-path.ts';
import { getOwn, joinHeaders, lowerCaseName, setOwn } from '#local/http/raw-headers.ts';
import { type HttpResponse, isValidHeader, toStatus } from '#local/http/response.ts';
import type { HttpIntegration } from '#local/model/api-model.ts';
import { contextVariables } from './context-variables.ts';
import type { Exchange } from './exchange.ts';

/** What a value may speak of: the request, and, in a response's mapping, the response. */
interface Subject {
  readonly exchange: Exchange;
  readonly response?: HttpResponse;
}

interface Mapping {
  readonly action: 'append' | 'overwrite' | 'remove';
  readonly place: string;
  readonly name: string;
  /** `undefined`: there is no such value, and nothing is changed. */
  readonly value: (subject: Subject) => string | undefined;
}

type Pair = readonly [name: string, value: string];

/**
 * What an integration's `request_parameters` make of a request before its function gets it: headers, query string, path.
 *
 * Source: Amazon API Gateway Developer Guide, "Transform API requests and responses for HTTP APIs in API Gateway".
 */
export function compileRequestMapping({ requestParameters = {} }: HttpIntegration): (exchange: Exchange) => Exchange {
  const mappings = compileMappings(requestParameters);
  if (mappings.length === 0) return (exchange) => exchange;
  return (exchange) => {
    let headers = toPairs(exchange.request.rawHeaders);
    let query = Object.entries(exchange.query.multi).flatMap(([name, values]) =>
      values.map((value): Pair => [name, value]),
    );
    let { path } = exchange;
    for (const mapping of mappings) {
      const value = mapping.value({ exchange });
      if (mapping.place === 'header') headers = change(headers, mapping, value);
      else if (mapping.place === 'querystring') query = change(query, mapping, value);
      else if (mapping.place === 'path' && value !== undefined) path = value.startsWith('/') ? value : `/${value}`;
    }
    const rawHeaders = headers.flat();
    const request = { ...exchange.request, rawHeaders, headers: joinHeaders(rawHeaders) };
    const isQueryMapped = mappings.some(({ place }) => place === 'querystring');
    return { ...exchange, request, path, ...(isQueryMapped && toQuery(query)) };
  };
}

/**
 * What an integration's `response_parameters` make of a function's response, by the status that it has.
 *
 * Source: as above.
 */
export function compileResponseMapping({ responseParameters = {} }: HttpIntegration) {
  const byStatus = new Map(
    Object.entries(responseParameters).map(([status, mappings]) => [Number(status), compileMappings(mappings)]),
  );
  return (exchange: Exchange, response: HttpResponse): HttpResponse => {
    const mappings = byStatus.get(response.status);
    if (!mappings) return response;
    let { status } = response;
    let headers = toPairs(response.headers);
    for (const mapping of mappings) {
      const value = mapping.value({ exchange, response });
      if (mapping.place === 'header') headers = change(headers, mapping, value);
      else if (mapping.place === 'statuscode') status = toStatus(value) ?? status;
    }
    return {
      status,
      headers: headers.filter(([name, value]) => isValidHeader(name, value)).flat(),
      body: response.body,
    };
  };
}

/** `append:header.name`, `overwrite:path`, `overwrite:statuscode`. */
function compileMappings(parameters: Readonly<Record<string, string>>): readonly Mapping[] {
  return Object.entries(parameters).flatMap(([target, value]): Mapping[] => {
    const [, action, place, name = ''] = /^(append|overwrite|remove):([a-z]+)(?:\.(.+))?$/.exec(target) ?? [];
    const isAction = action === 'append' || action === 'overwrite' || action === 'remove';
    return isAction && place !== undefined ? [{ action, place, name, value: compileValue(value) }] : [];
  });
}

function change(pairs: readonly Pair[], { action, name, value: _, place }: Mapping, value: string | undefined): Pair[] {
  const isSame = (other: string) =>
    place === 'header' ? lowerCaseName(other) === lowerCaseName(name) : other === name;
  if (action === 'remove') return pairs.filter(([other]) => !isSame(other));
  if (value === undefined) return [...pairs];
  return [...(action === 'append' ? pairs : pairs.filter(([other]) => !isSame(other))), [name, value]];
}

const VARIABLE = /\$\{([^{}]+)\}|\$((?:request|response|context|stageVariables)\.[\w-]+(?:\.[\w-]+|\[[^\]]*\])*)/g;

/** A text with variables in it: `$request.header.name`, `${request.path}/${stageVariables.version}`. */
function compileValue(text: string): Mapping['value'] {
  const matches = [...text.matchAll(VARIABLE)];
  const [only] = matches;
  if (only && only[0] === text) return compileVariable(only[1] ?? only[2] ?? '');
  const variables = matches.map((match) => compileVariable(match[1] ?? match[2] ?? ''));
  return (subject) => {
    let at = -1;
    return text.replace(VARIABLE, () => {
      at += 1;
      return variables[at]?.(subject) ?? '';
    });
  };
}

function compileVariable(variable: string): Mapping['value'] {
  const [, source = '', place = '', rest = ''] = /^(\w+)\.(\w+)\.?(.*)$/s.exec(variable) ?? [];
  const name = variable.slice(source.length + 1);
  switch (`${source}.${place}`) {
    case 'request.header':
      return ({ exchange }) => headerValue(toPairs(exchange.request.rawHeaders), rest);
    case 'request.querystring':
      return ({ exchange }) => getOwn(exchange.query.multi, rest)?.join(',');
    case 'request.path':
      if (rest === '') return ({ exchange }) => exchange.path;
      return ({ exchange }) => getOwn(exchange.pathParameters, rest);
    case 'request.body':
      return ({ exchange }) => readBodyPath(exchange.body.toString(), bodyPath(variable, 'request.body'));
    case 'response.header':
      return ({ response }) => headerValue(toPairs(response?.headers ?? []), rest);
    case 'response.body':
      return ({ response }) => readBodyPath(response?.body.toString() ?? '', bodyPath(variable, 'response.body'));
  }
  if (source === 'stageVariables') return ({ exchange }) => getOwn(exchange.facts.variables, name);
  if (source === 'context') return ({ exchange }) => contextVariables.get(name)?.(exchange)?.toString();
  return () => undefined;
}

function bodyPath(variable: string, prefix: string): string {
  return variable.slice(prefix.length);
}

/** Values of one name joined by commas, as AWS does before it passes them on. */
function headerValue(pairs: readonly Pair[], name: string): string | undefined {
  const values = pairs.filter(([other]) => lowerCaseName(other) === lowerCaseName(name)).map(([, value]) => value);
  return values.length > 0 ? values.join(',') : undefined;
}

function toPairs(raw: readonly string[]): Pair[] {
  return Array.from({ length: raw.length / 2 }, (_, at): Pair => [raw[2 * at] ?? '', raw[2 * at + 1] ?? '']);
}

function toQuery(pairs: readonly Pair[]): { readonly query: QueryParameters; readonly rawQueryString: string } {
  const single: Record<string, string> = {};
  const multi: Record<string, string[]> = {};
  for (const [name, value] of pairs) {
    setOwn(single, name, value);
    setOwn(multi, name, [...(getOwn(multi, name) ?? []), value]);
  }
  const rawQueryString = pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
  return { query: { single, multi }, rawQueryString };
}
