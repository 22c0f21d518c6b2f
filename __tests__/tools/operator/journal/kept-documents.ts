import type { ControlClient } from '#local/control/client.ts';
import { keptDocuments } from '#local/control/kept-documents.ts';

/** The documents of a runtime that runs in this process: as its control endpoint gives and takes them. */
export function documentsHere(): Pick<ControlClient, 'document' | 'replaceDocument'> {
  const documents = keptDocuments();
  return {
    document: async (name) => documents.read(name),
    replaceDocument: async (name, document, version) => documents.replace(name, document, version) !== undefined,
  };
}
