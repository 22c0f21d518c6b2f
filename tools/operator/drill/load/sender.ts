import { plainRequest, type RequestParts } from '#client/plain-request.ts';
import { send } from '#client/send.ts';
import type { Operation } from '#contract/operation.ts';
import { errorReason } from '#functions/error-reason.ts';
import type { CallTarget } from '#operator/call/call-target.ts';
import type { RegionType } from '#stacks/context.ts';

/** What came of one request. */
export interface Outcome {
  readonly status?: number;
  /** Parsed, where it is JSON. */
  readonly body?: unknown;
  /** The region that responded, as far as it says so. */
  readonly region?: RegionType;
  /** Why there was no response. */
  readonly problem?: string;
}

export type Sender = (operation: Operation, parts: RequestParts) => Promise<Outcome>;

interface SenderOptions {
  readonly targetOf: (operation: Operation) => CallTarget;
  readonly fetch: typeof fetch;
  readonly timeoutMilliseconds: number;
  /** The AWS regions, for signatures. */
  readonly regions: readonly string[];
  /** The region behind the door, where it is one region's own. */
  readonly region?: RegionType;
}

/** Header of the local entry: which region it has handed the request to. */
const SERVED_BY = 'x-two-region-served-by';

/**
 * Sends single requests: none is tried again, so that each failure is seen. A signature is for one region, and nobody knows which one a name leads to:
 * one that is refused is made anew for the other region, at once.
 */
export function createPlainSender(options: SenderOptions): Sender {
  const { targetOf, timeoutMilliseconds, regions } = options;
  let home = regions[0];
  const attempt = (operation: Operation, parts: RequestParts, signal: AbortSignal, signedFor: string | undefined) => {
    const { baseUrl, ...access } = targetOf(operation);
    const region = options.region === undefined ? signedFor : access.region;
    const request = plainRequest(operation, baseUrl, parts);
    return send(operation, request, { ...access, ...(region && { region }), fetch: options.fetch, signal });
  };
  return async (operation, parts) => {
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    try {
      const first = home;
      let response = await attempt(operation, parts, signal, first);
      if (response.status === 403 && operation.auth === 'iam' && options.region === undefined) {
        await response.arrayBuffer();
        const other = regions.find((region) => region !== first);
        response = await attempt(operation, parts, signal, other);
        if (response.status !== 403) home = other;
      }
      const { status, headers } = response;
      const body = parsed(await response.text());
      const region = options.region ?? regionIn(headers);
      return { status, body, ...(region && { region }) };
    } catch (error) {
      const cause = error instanceof TypeError ? (error.cause ?? error) : error;
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      return { problem: isLate ? 'no response in time' : errorReason(cause) };
    }
  };
}

function regionIn(headers: Headers): RegionType | undefined {
  const name = headers.get(SERVED_BY);
  return name === 'primary' || name === 'secondary' ? name : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A `fetch` whose every request has a connection of its own, which is made where the name leads then. */
export const onNewConnection: typeof fetch = (input, init) =>
  fetch(input, { ...init, headers: { ...Object.fromEntries(new Headers(init?.headers)), connection: 'close' } });

/** Whether a value, or anything within it, has all members of another one. */
export function contains(value: unknown, wanted: unknown): boolean {
  if (hasAll(value, wanted)) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member) => contains(member, wanted));
}

function hasAll(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  if (typeof value !== 'object' || value === null) return false;
  const members = new Map(Object.entries(value));
  return Object.entries(wanted).every(([name, member]) => hasAll(members.get(name), member));
}
