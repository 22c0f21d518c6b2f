import { getOwn } from '#local/http/raw-headers.ts';
import { isRecord } from '#local/http/response.ts';

/**
 * Reads a value of a JSON body by `.name`, `['name']` and `[0]`; what isn't a string is given as JSON.
 *
 * @param path - `''` for the body as it is
 * @returns `undefined` when the body isn't JSON or has no such value
 */
export function readBodyPath(body: string, path: string): string | undefined {
  if (path === '') return body;
  let at: unknown;
  try {
    at = JSON.parse(body);
  } catch {
    return undefined;
  }
  for (const [, name, quoted, index] of path.matchAll(/\.([\w-]+)|\['([^']*)'\]|\[(\d+)\]/g)) {
    if (index !== undefined) at = Array.isArray(at) ? at[Number(index)] : undefined;
    else if (isRecord(at)) at = getOwn(at, name ?? quoted ?? '');
    else return undefined;
  }
  if (at === undefined || at === null) return undefined;
  return typeof at === 'string' ? at : JSON.stringify(at);
}
