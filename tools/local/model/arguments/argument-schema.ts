import { z } from 'zod';

/** Terraform converts between texts, numbers and bools; a map of texts may hold any of them. */
const textual = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);

/** `map(string)`, empty by default. */
export const textMap = z.record(z.string(), textual).default({});

/** What a route's requests are refused for. @param what - plural or not: it is not looked at */
export function notServed(what: string): string {
  return `not served locally: ${what}`;
}

/** A bool, or the text of one. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** A number that need not be whole, or the text of one. */
export const amount = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/, 'a number')
    .transform(Number),
]);

/** A number, or the text of one. */
export const numeric = z.union([z.number(), z.string().regex(/^\d+$/, 'a whole number').transform(Number)]);
