import { join } from 'node:path';
import { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import type { FunctionBundle } from '#constructs/bundle/function-bundle.ts';

export interface FunctionPackageProps {
  readonly bundle: FunctionBundle;
  /** A versioned bucket in the function's region. */
  readonly bucketName: string;
}

/**
 * A function's deployment package: the bundle goes into `cdktf.out` as an asset, is zipped by the archive provider when Terraform plans,
 * and kept as a version of one object. Equal sources give an equal zip, so nothing is uploaded or published when nothing changed.
 */
export class FunctionPackage extends Construct {
  readonly bucketName: string;
  readonly key: string;
  readonly objectVersion: string;
  /** Base64-encoded SHA-256 of the zip, as Lambda reports it. */
  readonly sourceCodeHash: string;

  constructor(scope: Construct, id: string, { bundle, bucketName }: FunctionPackageProps) {
    super(scope, id);
    const archive = zippedBundle(this, bundle);
    const object = new S3Object(this, 'object', {
      bucket: bucketName,
      key: `functions/${bundle.name}.zip`,
      source: archive.outputPath,
      sourceHash: archive.outputBase64Sha256,
      contentType: 'application/zip',
    });
    this.bucketName = object.bucket;
    this.key = object.key;
    this.objectVersion = object.versionId;
    this.sourceCodeHash = archive.outputBase64Sha256;
  }
}

/** Declares in its owner's scope the zip of a bundle, which Terraform makes where it runs. */
export function zippedBundle(scope: Construct, bundle: FunctionBundle): DataArchiveFile {
  const asset = new TerraformAsset(scope, 'asset', { path: join(bundle.path, 'index.js'), type: AssetType.FILE });
  return new DataArchiveFile(scope, 'archive', {
    type: 'zip',
    sourceFile: asset.path,
    outputFileMode: '0644',
    outputPath: `packages/${bundle.name}.zip`,
  });
}
