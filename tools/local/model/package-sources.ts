import path from 'node:path';
import { z } from 'zod';
import type { ResourceReader } from './resource-reader.ts';

/** What a zip file, or an object that it is uploaded to, is packed from. */
export interface PackageSource {
  /** Folder or file that is packed, absolute. */
  readonly path: string;
  /** Base64. */
  readonly sha256: string;
  /** The zip file, absolute. */
  readonly file: string;
  readonly bucket?: string;
  readonly key?: string;
}

const archive = z.object({
  output_path: z.string(),
  output_base64sha256: z.string(),
  source_dir: z.string().optional(),
  source_file: z.string().optional(),
});

const object = z.object({ bucket: z.string(), key: z.string(), source: z.string().optional() });

/** The archives that the stacks pack, and the objects that they upload them to. */
export function packageSources(reader: ResourceReader): readonly PackageSource[] {
  const archives = reader.data('archive_file', archive).flatMap(({ folder, values }): PackageSource[] => {
    const source = values.source_dir ?? values.source_file;
    if (source === undefined) return [];
    const file = path.resolve(folder, values.output_path);
    return [{ path: path.resolve(folder, source), sha256: values.output_base64sha256, file }];
  });
  const uploaded = reader.managed('aws_s3_object', object).flatMap((resource): PackageSource[] => {
    const { bucket, key, source } = resource.values;
    if (source === undefined) return [];
    const file = path.resolve(resource.folder, source);
    return archives.filter((packed) => packed.file === file).map((packed) => ({ ...packed, bucket, key }));
  });
  return [...archives, ...uploaded];
}
