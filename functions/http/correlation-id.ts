const header = 'x-correlation-id';
const acceptable = /^[\w.:/=+-]{1,128}$/;

/**
 * The id that ties a caller's logs to ours: the caller's `x-correlation-id`, or `fallback` when it sent none or one that doesn't belong
 * into a log (more than 128 characters, or others than letters, digits and `_ . : / = + -`).
 *
 * @param headers - as API Gateway passes them: with the caller's own capitals
 */
export function correlationId(headers: Readonly<Record<string, string | undefined>> | null, fallback: string): string {
  for (const name in headers) {
    if (name.length === header.length && name.toLowerCase() === header) {
      const value = headers[name];
      return value !== undefined && acceptable.test(value) ? value : fallback;
    }
  }
  return fallback;
}
