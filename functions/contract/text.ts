import * as z from 'zod/mini';

/**
 * A string that can be stored: not empty, and without halves of surrogate pairs, which JSON can express and UTF-8 cannot (RFC 8259, 8.2).
 *
 * @param maxLength - in UTF-16 code units
 */
export function text({ maxLength }: { readonly maxLength: number }) {
  const wellFormed = z.refine<string>(
    (value) => !/\p{Surrogate}/u.test(value),
    'Invalid text: half of a surrogate pair',
  );
  return z.string().check(z.minLength(1), z.maxLength(maxLength), wellFormed);
}
