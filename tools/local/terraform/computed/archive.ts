import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ExpressionError } from '../expression/expression-error.ts';
import { type Attributes, type ComputedAttributesTable, optionalText } from './computed-attributes.ts';

/**
 * `archive_file`, whose zip is not written: its hashes are of the names and contents that it would pack. They change when the content does,
 * and differ from those of the zip.
 */
export const archiveData: ComputedAttributesTable = {
  archive_file: ({ folder, values }) => {
    const content = packedContent(folder, values);
    const digest = (algorithm: string, encoding: 'base64' | 'hex') =>
      content.reduce((hash: Hash, piece) => hash.update(piece), createHash(algorithm)).digest(encoding);
    return {
      id: digest('sha1', 'hex'),
      output_sha: digest('sha1', 'hex'),
      output_md5: digest('md5', 'hex'),
      output_sha256: digest('sha256', 'hex'),
      output_sha512: digest('sha512', 'hex'),
      output_base64sha256: digest('sha256', 'base64'),
      output_base64sha512: digest('sha512', 'base64'),
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
