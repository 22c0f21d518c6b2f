import { isForwarded, lowerCaseName } from '../../http/raw-headers.ts';
import { quote } from '../json-text.ts';
import type { Exchange } from './exchange.ts';

/** Headers that the gateway writes itself. */
const REPLACED = new Set(['x-amzn-trace-id', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);

/**
 * A request's headers with those that the gateway adds, as the JSON that a proxy event has of them: `single` with the last value of each name,
 * `multi` with every value. Names have the client's capitals.
 */
export function forwardedHeaders({ request, traceHeader }: Exchange): {
  readonly single: string;
  readonly multi: string;
} {
  const { rawHeaders, headers, sourceIp, port } = request;
  const valuesOf = new Map<string, string[]>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const lower = lowerCaseName(name);
    if (!isForwarded(lower) || REPLACED.has(lower)) continue;
    const value = quote(rawHeaders[at + 1] ?? '');
    const values = valuesOf.get(name);
    if (values) values.push(value);
    else valuesOf.set(name, [value]);
  }
  const before = headers['x-forwarded-for']?.toString();
  valuesOf.set('X-Amzn-Trace-Id', [`"${traceHeader}"`]);
  valuesOf.set('X-Forwarded-For', [quote(before ? `${before}, ${sourceIp}` : sourceIp)]);
  valuesOf.set('X-Forwarded-Port', [`"${port}"`]);
  valuesOf.set('X-Forwarded-Proto', ['"http"']);
  let single = '';
  let multi = '';
  for (const [name, values] of valuesOf) {
    const key = `${single === '' ? '{' : ','}${quote(name)}:`;
    single += `${key}${values[values.length - 1]}`;
    multi += `${key}[${values.join()}]`;
  }
  return { single: `${single}}`, multi: `${multi}}` };
}
