import { Agent, fetch as fetchOf } from 'undici';

/** A connection that is never idle never asks DNS again: it is closed at this age, as the DNS answers themselves are. */
const MOST_AGE_MILLISECONDS = 60_000;

/**
 * A `fetch` for Node whose connections end at a greatest age, so that a client follows its API's name to another region and back: a busy
 * connection that is kept alive would stay where it is for ever. Browsers have no such setting.
 *
 * @param maxAgeMilliseconds - @default 60000, the TTL of an API Gateway alias
 */
export function freshConnections(maxAgeMilliseconds = MOST_AGE_MILLISECONDS): typeof fetch {
  const dispatcher = new Agent({ clientTtl: maxAgeMilliseconds });
  return async (input, { method, headers, body, redirect, signal } = {}) => {
    const response = await fetchOf(input instanceof Request ? input.url : input, {
      dispatcher,
      ...(method !== undefined && { method }),
      ...(headers !== undefined && { headers: [...new Headers(headers)] }),
      ...((typeof body === 'string' || body instanceof Uint8Array) && { body }),
      ...(redirect && { redirect }),
      ...(signal && { signal }),
    });
    const { status, statusText } = response;
    const received = await response.arrayBuffer();
    return new Response(received.byteLength === 0 ? null : received, {
      status,
      statusText,
      headers: [...response.headers],
    });
  };
}
