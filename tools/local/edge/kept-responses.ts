import type { CachePolicy, Distribution } from '#local/model/distributions.ts';
import type { OriginResponse } from './ask-origin.ts';

/** Errors that CloudFront keeps even without `Cache-Control`, for ten seconds unless it is told otherwise. */
const KEPT_ERRORS = new Set([404, 414, 500, 501, 502, 503, 504]);
const ERROR_SECONDS = 10;

/** What is kept is bounded, as what clients ask is not. */
const MOST_KEPT = 1000;

interface Kept {
  readonly response: OriginResponse;
  readonly since: number;
  readonly until: number;
}

/**
 * What the edge keeps: one place of it, with all that it has seen.
 *
 * Source: Amazon CloudFront Developer Guide, "Manage how long content stays in the cache (expiration)", "How CloudFront processes HTTP 4xx and 5xx status
 * codes from your origin".
 *
 * @param timeScale - 10: ten seconds are one
 */
export function keptResponses({ errorSeconds }: Pick<Distribution, 'errorSeconds'>, timeScale: number, now = Date.now) {
  const kept = new Map<string, Kept>();
  return {
    /** @returns with its age in seconds */
    find(key: string): { readonly response: OriginResponse; readonly age: number } | undefined {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      if (found.until > now())
        return { response: found.response, age: Math.floor(((now() - found.since) * timeScale) / 1000) };
      kept.delete(key);
      return undefined;
    },
    keep(key: string, response: OriginResponse, policy: CachePolicy | undefined): void {
      const seconds = secondsOf(response, policy, errorSeconds);
      if (seconds <= 0) return;
      if (kept.size >= MOST_KEPT) for (const first of [...kept.keys()].slice(0, 1)) kept.delete(first);
      kept.set(key, { response, since: now(), until: now() + (seconds * 1000) / timeScale });
    },
  };
}

function secondsOf(
  { status, headers }: OriginResponse,
  policy: CachePolicy | undefined,
  errors: Distribution['errorSeconds'],
): number {
  const { 'cache-control': directives = '', 'set-cookie': cookies } = Object.fromEntries(
    headers.map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (status >= 400) {
    // Not only what a policy lets be kept: that is what makes an error of a second everybody's for ten.
    return KEPT_ERRORS.has(status) || Object.hasOwn(errors, status) ? (errors[status] ?? ERROR_SECONDS) : 0;
  }
  if (policy === undefined) return 0;
  const { least, usual, most } = policy;
  if (/\b(no-store|no-cache|private)\b/i.test(directives)) return least;
  const own = /\bs-maxage=(\d+)/i.exec(directives) ?? /\bmax-age=(\d+)/i.exec(directives);
  // A cookie is for one client, and kept with the response all the same: cookies are no part of any key here, so it is left out.
  return cookies === undefined ? Math.min(most, Math.max(least, own ? Number(own[1]) : usual)) : least;
}

/** What tells responses apart: the path, and what the policy names of query and headers. Nothing, where there is no policy. */
export function cacheKey(
  method: string,
  target: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  policy: CachePolicy | undefined,
): string {
  const url = new URL(target, 'http://edge.invalid');
  const query = [...url.searchParams].filter(([name]) => policy?.query === 'all' || policy?.query.includes(name));
  const named = (policy?.headers ?? []).map((name) => [name, String(headers[name] ?? '')]);
  return JSON.stringify([method, url.pathname, query.sort(), named]);
}
