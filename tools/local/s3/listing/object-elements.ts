import { hash } from 'node:crypto';
import { ACCOUNT_ID } from '#local/aws-endpoint/authorize.ts';
import { storageClassOf } from '#local/s3/objects/object-headers.ts';
import type { Xml } from '#local/s3/protocol/write-xml.ts';
import type { StoredObject } from '#local/s3/store/stored-object.ts';

/** The account's canonical user: 64 hexadecimal digits. */
const OWNER_ID = hash('sha256', ACCOUNT_ID);

export const OWNER: Xml = ['Owner', [['ID', OWNER_ID]]];
export const INITIATOR: Xml = ['Initiator', [['ID', OWNER_ID]]];

/** What every listing says of an object. */
export const objectElements = ({ lastModified, etag, checksum, body, headers }: StoredObject): Xml[] => [
  ['LastModified', lastModified.toISOString()],
  ['ETag', etag],
  ['ChecksumAlgorithm', checksum.algorithm],
  ['ChecksumType', checksum.type],
  ['Size', body.length],
  ['StorageClass', storageClassOf(headers)],
];
