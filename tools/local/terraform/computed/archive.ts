import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { type Attributes, type ComputedAttributesTable, optionalText } from './computed-attributes.ts';

/**
 * `archive_file`, whose zip is not written: its hash is of the names and contents that it would pack. It changes when the content does, and
 * differs from that of the zip. Of the hashes only SHA-256 is told: the packages are large, and Lambda asks for no other.
 */
export const archiveData: ComputedAttributesTable = {
  archive_file: ({ folder, values }) => {
    const content = packedContent(folder, values);
    const digest = content.reduce((hash: Hash, piece) => hash.update(piece), createHash('sha256')).digest();
    return {
      id: digest.toString('hex'),
      output_sha256: digest.toString('hex'),
      output_base64sha256: digest.toString('base64'),
      output_size: content.reduce((size, piece) => size + piece.length, 0),
    };
  },
};

function packedContent(folder: string, values: Attributes): readonly (Buffer | string)[] {
  const source = optionalText(values, 'source_dir') ?? optionalText(values, 'source_file');
  if (source === undefined) return [JSON.stringify([values.source ?? null, values.source_content ?? null])];
  const root = path.resolve(folder, source);
  try {
    if (statSync(root).isFile()) return [path.basename(root), readFileSync(root)];
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort();
    return files.flatMap((file) => [path.relative(root, file), readFileSync(file)]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExpressionError(`cannot read what is to be packed, ${root}: ${reason}. Synthesize again.`);
  }
}
