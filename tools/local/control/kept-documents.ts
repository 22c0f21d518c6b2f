import * as z from 'zod/mini';

/** Documents that commands keep in the runtime which they work on: they end with it, as what they tell of does. */
const documentNames = [
  'switch-journal',
  'switch-lock',
  'catch-up-primary',
  'catch-up-secondary',
  'readiness-history',
] as const;
export type DocumentName = (typeof documentNames)[number];

/** `GET /documents/NAME`. */
export const keptDocumentSchema = z.object({
  /** Counts the writes; 0 before the first. */
  version: z.int(),
  /** Whatever was written last; null for nothing. */
  document: z.unknown(),
});
export type KeptDocument = Readonly<z.infer<typeof keptDocumentSchema>>;

/** `PUT /documents/NAME`. */
export const replacementSchema = z.object({
  /** The version that is replaced; any other is refused with 409. @default - whichever is there */
  version: z.optional(z.int()),
  document: z.unknown(),
});

/** The documents of one runtime. */
export interface KeptDocuments {
  readonly read: (name: DocumentName) => KeptDocument;
  /** @returns undefined, and nothing has changed, where another version than `expected` is there */
  readonly replace: (name: DocumentName, document: unknown, expected?: number) => KeptDocument | undefined;
}

/** Keeps documents in memory: none at first. */
export function keptDocuments(): KeptDocuments {
  const kept = new Map<DocumentName, KeptDocument>();
  const read = (name: DocumentName) => kept.get(name) ?? { version: 0, document: null };
  return {
    read,
    replace: (name, document, expected) => {
      const { version } = read(name);
      if (expected !== undefined && expected !== version) return undefined;
      const next = { version: version + 1, document };
      kept.set(name, next);
      return next;
    },
  };
}

/** The name that a path ends with: `/documents/switch-lock`. @returns undefined for any other path */
export function documentIn(path: string): DocumentName | undefined {
  return documentNames.find((name) => path === `/documents/${name}`);
}
