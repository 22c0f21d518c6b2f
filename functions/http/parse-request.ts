import { type $ZodIssue, type $ZodType, type output, safeParse } from 'zod/v4/core';
import { en } from 'zod/v4/locales';
import { BadRequestError } from './error-response.ts';

const messages = { error: en().localeError };

/**
 * Checks what a client sent against a schema of the contract.
 *
 * @param place - what a mistake outside any field is said of
 * @returns the declared fields
 * @throws BadRequestError naming every field that is not as declared
 */
export function parseRequest<T extends $ZodType>(schema: T, value: unknown, place = 'body'): output<T> {
  const parsed = safeParse(schema, value, messages);
  if (parsed.success) return parsed.data;
  throw new BadRequestError(parsed.error.issues.map((issue) => describe(issue, place)).join('; '));
}

function describe({ path, message }: $ZodIssue, place: string): string {
  return `${path.length === 0 ? place : path.join('.')}: ${message}`;
}
