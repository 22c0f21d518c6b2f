import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { minimatch } from 'minimatch';
import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { type Attributes, type ComputedAttributesTable, optionalText } from './computed-attributes.ts';

/** A file of an archive: its name in it, with slashes, and its text, or the file that it is read from, absolute. */
type ArchivedFile =
  | { readonly name: string; readonly content: string }
  | { readonly name: string; readonly copyOf: string };

/**
 * `archive_file`, whose zip is not written: its hash is of the names and contents that it would pack. It changes when the content does, and
 * differs from that of the zip. Of the hashes only SHA-256 is told: the packages are large, and Lambda asks for no other.
 */
export const archiveData: ComputedAttributesTable = {
  archive_file: ({ folder, values }) => {
    const hash = createHash('sha256');
    let size = 0;
    for (const file of archivedFiles(folder, values)) {
      const content =
        'content' in file ? Buffer.from(file.content) : readable(file.copyOf, () => readFileSync(file.copyOf));
      hash.update(file.name).update(content);
      size += file.name.length + content.length;
    }
    const digest = hash.digest();
    return {
      id: digest.toString('hex'),
      output_sha256: digest.toString('hex'),
      output_base64sha256: digest.toString('base64'),
      output_size: size,
    };
  },
};

/**
 * What an archive packs, by its `source_dir`, `source_file`, `source` blocks or `source_content`.
 *
 * Source: the archive provider's documentation of `archive_file`.
 */
export function archivedFiles(folder: string, values: Attributes): readonly ArchivedFile[] {
  const directory = optionalText(values, 'source_dir');
  if (directory !== undefined) {
    const root = path.resolve(folder, directory);
    return readable(root, () => filesOf(root, excludesOf(values)));
  }
  const file = optionalText(values, 'source_file');
  if (file !== undefined) {
    const copyOf = path.resolve(folder, file);
    readable(copyOf, () => statSync(copyOf));
    return [{ name: path.basename(copyOf), copyOf }];
  }
  const inline = optionalText(values, 'source_content_filename');
  if (inline !== undefined) return [{ name: inline, content: textOf(values.source_content) }];
  const { source: blocks = [] } = values;
  return (Array.isArray(blocks) ? blocks : [blocks]).flatMap((block): ArchivedFile[] => {
    if (block === null || typeof block !== 'object' || Array.isArray(block)) return [];
    return 'filename' in block ? [{ name: textOf(block.filename), content: textOf(block.content) }] : [];
  });
}

/** Names and patterns of what is not packed. A folder that one of them names is left out with all that it holds. */
export function excludesOf({ excludes }: Attributes): readonly string[] {
  return Array.isArray(excludes)
    ? excludes.filter((each): each is string => typeof each === 'string' && each !== '')
    : [];
}

function filesOf(root: string, excludes: readonly string[]): readonly ArchivedFile[] {
  const isExcluded = (name: string) =>
    excludes.some((pattern) => minimatch(name, pattern, { dot: true, nocomment: true, nonegate: true, noext: true }));
  const isLeftOut = (name: string) => {
    const parts = name.split('/');
    return parts.some((_, at) => isExcluded(parts.slice(0, at + 1).join('/')));
  };
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((copyOf) => ({ name: path.relative(root, copyOf).replaceAll(path.sep, '/'), copyOf }))
    .filter(({ name }) => !isLeftOut(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function textOf(value: Attributes[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}

function readable<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExpressionError(`cannot read what is to be packed, ${what}: ${reason}. Synthesize again.`);
  }
}
