import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { archivedFiles, excludesOf } from '#local/terraform/computed/archive.ts';
import type { PackedCode } from './model.ts';
import type { Read, ResourceReader } from './resource-reader.ts';

/** Where a function's code comes from. */
interface PackageSource {
  /** Folder, file or zip file, absolute. */
  readonly path: string;
  readonly packed?: PackedCode;
  /** Base64. */
  readonly sha256: string;
}

const archive = z.looseObject({ output_path: z.string(), output_base64sha256: z.string() });

const object = z.object({ bucket: z.string(), key: z.string(), source: z.string().optional() });

/** The arguments by which a function names its package. */
interface PackageArguments {
  readonly filename?: string | undefined;
  readonly s3_bucket?: string | undefined;
  readonly s3_key?: string | undefined;
  readonly image_uri?: string | undefined;
}

/**
 * Finds packages: what the stacks' archives pack, or a zip file that lies there already, as CDKTF's assets do; in a file, or uploaded as an
 * object of a bucket.
 */
export function packageSources(reader: ResourceReader): (resource: Read<PackageArguments>) => PackageSource {
  const archives = new Map(
    reader
      .data('archive_file', archive)
      .map(({ folder, values }) => [path.resolve(folder, values.output_path), archiveSource(folder, values)]),
  );
  const uploads = ['aws_s3_object', 'aws_s3_bucket_object'].flatMap((type) => reader.managed(type, object));
  return ({ folder, values }) => {
    const { filename, s3_bucket: bucket, s3_key: key, image_uri: image } = values;
    const upload = uploads.find((one) => one.values.bucket === bucket && one.values.key === key);
    const [where, from] = filename === undefined ? [upload?.folder, upload?.values.source] : [folder, filename];
    if (where === undefined || from === undefined) {
      if (image !== undefined) return missingSource(image, 'container images are not served');
      if (key === undefined) return missingSource('nowhere', 'neither filename nor s3_bucket and s3_key are set');
      return missingSource(`s3://${bucket}/${key}`, 'no stack uploads it');
    }
    const file = path.resolve(where, from);
    return archives.get(file) ?? zipSource(file);
  };
}

/** A folder or file that is packed as it is runs where it lies. */
function archiveSource(folder: string, values: z.infer<typeof archive>): PackageSource {
  const attributes = z.record(z.string(), z.json()).parse(values);
  const { source_dir: directory, source_file: file } = attributes;
  const whole = [directory, file].find((each): each is string => typeof each === 'string' && each !== '');
  const known = { sha256: values.output_base64sha256 };
  if (whole !== undefined && excludesOf(attributes).length === 0)
    return { ...known, path: path.resolve(folder, whole) };
  const packed = { files: archivedFiles(folder, attributes) };
  return { ...known, path: path.resolve(folder, values.output_path), packed };
}

function zipSource(file: string): PackageSource {
  try {
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('base64');
    return { path: file, packed: { zip: file }, sha256 };
  } catch {
    return missingSource(file, 'there is no such file, and no archive_file writes it');
  }
}

function missingSource(where: string, why: string): PackageSource {
  return { path: where, packed: { missing: `No package at ${where}: ${why}` }, sha256: '' };
}
