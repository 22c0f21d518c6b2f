import * as z from 'zod/mini';
import { safeParse } from 'zod/v4/core';
import { text } from '#contract/text.ts';
import { BadRequestError } from '#functions/http/error-response.ts';
import type { EventKey } from '#functions/ports/event-log.ts';

/** Longest partition and sort key in bytes. Source: Amazon DynamoDB Developer Guide, "Constraints in Amazon DynamoDB". */
const longest = { date: 2048, time: 1024 };

const key = z.object({ date: ofBytes(longest.date), time: ofBytes(longest.time) });

function ofBytes(most: number) {
  return text({ maxLength: most }).check(z.refine((value) => Buffer.byteLength(value) <= most));
}

/** The place where a page ended, as base64url (RFC 4648, 5) of JSON. */
export function encodeToken({ date, time }: EventKey): string {
  return Buffer.from(JSON.stringify({ date, time })).toString('base64url');
}

/**
 * Reads a token back. It carries no secret and grants nothing: any place in the log may be named.
 *
 * @throws BadRequestError when it is none that `encodeToken` makes
 */
export function decodeToken(token: string): EventKey {
  const parsed = safeParse(key, jsonIn(token));
  if (parsed.success && encodeToken(parsed.data) === token) return parsed.data;
  throw new BadRequestError('next: Invalid token: expected the value of Next of the page before');
}

function jsonIn(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
}
