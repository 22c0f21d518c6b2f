/** Headers of one connection, which a proxy must not pass on (RFC 9110, 7.6.1), and `Expect`, which the entry has already answered. */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * A client's headers as the region's gateway gets them: order, case and repetitions kept, `Host` replaced by the public name (which is what
 * API Gateway routes by) and the client's address appended to `X-Forwarded-For`.
 *
 * @param raw - names and values in turn, as Node's `rawHeaders`
 */
export function requestHeaders(raw: readonly string[], host: string, clientAddress: string): string[] {
  const forwarded = ['host', host];
  let chain = '';
  const named = namedInConnection(raw);
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const value = raw[at + 1] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'x-forwarded-for') chain += `${value}, `;
    else if (lower !== 'host' && !HOP_BY_HOP.has(lower) && !named?.has(lower)) forwarded.push(name, value);
  }
  forwarded.push('X-Forwarded-For', chain + clientAddress);
  return forwarded;
}

/**
 * A region's response headers as the client gets them.
 *
 * @param raw - names and values in turn, as undici hands them over
 * @param added - names and values in turn, appended
 */
export function responseHeaders(raw: readonly Buffer[], added: readonly string[]): string[] {
  const text = raw.map((part) => part.toString('latin1'));
  const named = namedInConnection(text);
  const kept: string[] = [];
  for (let at = 0; at < text.length; at += 2) {
    const name = text[at] ?? '';
    const lower = name.toLowerCase();
    if (!HOP_BY_HOP.has(lower) && !named?.has(lower)) kept.push(name, text[at + 1] ?? '');
  }
  kept.push(...added);
  return kept;
}

function namedInConnection(raw: readonly string[]): Set<string> | undefined {
  let named: Set<string> | undefined;
  for (let at = 0; at < raw.length; at += 2) {
    const value = raw[at + 1] ?? '';
    if (raw[at]?.toLowerCase() !== 'connection' || value === 'keep-alive' || value === 'close') continue;
    named ??= new Set();
    for (const name of value.split(',')) named.add(name.trim().toLowerCase());
  }
  return named;
}
