import { z } from 'zod';
import { DataError } from './data-error.ts';

/** An item as AWS CLI writes it: attribute → `{ "S": "…" }`. */
const item = z.record(z.string(), z.record(z.string(), z.unknown()));
const contentType = z.string().optional();
const object = z.union([
  z.strictObject({ text: z.string(), contentType }),
  z.strictObject({ base64: z.base64(), contentType }),
]);
const parameter = z.strictObject({
  value: z.string(),
  type: z.enum(['SecureString', 'String', 'StringList']).optional(),
});
const regionContents = z.strictObject({
  /** Table → its items. */
  tables: z.record(z.string(), z.array(item)).optional(),
  /** Bucket → key → object. */
  objects: z.record(z.string(), z.record(z.string(), object)).optional(),
  /** Name → parameter. */
  parameters: z.record(z.string(), parameter).optional(),
});

/** What both regions hold, as `local export` writes it and `local seed` reads it. */
export const contentsSchema = z.strictObject({
  primary: regionContents.optional(),
  secondary: regionContents.optional(),
});
export type Contents = Readonly<z.infer<typeof contentsSchema>>;
export type RegionContents = Readonly<z.infer<typeof regionContents>>;

/** How much was written. */
export const writtenSchema = z.object({ items: z.int(), objects: z.int(), parameters: z.int() });
export type Written = Readonly<z.infer<typeof writtenSchema>>;

/** Reads a document. @throws SeedError with every mistake of its shape */
export function readContents(document: unknown): Contents {
  const parsed = contentsSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new SeedError(
    parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the document'}: ${message}`),
  );
}

/** What is to be written does not fit what is there; nothing of it is written. */
export class SeedError extends DataError {
  constructor(readonly problems: readonly string[]) {
    super(`Nothing was written:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}
