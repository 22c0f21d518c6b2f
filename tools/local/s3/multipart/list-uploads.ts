import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { INITIATOR, OWNER } from '#local/s3/listing/object-elements.ts';
import { prefixElements, readLimit, readListQuery, readPage } from '#local/s3/listing/page.ts';
import { storageClassOf } from '#local/s3/objects/object-headers.ts';
import { invalidArgument } from '#local/s3/protocol/errors.ts';
import type { Xml } from '#local/s3/protocol/write-xml.ts';
import { checksumElements, xmlResponse } from '#local/s3/protocol/xml.ts';
import type { S3Call } from '#local/s3/store/call.ts';
import type { Upload } from '#local/s3/store/uploads.ts';
import { uploadIdOf } from './create-upload.ts';

/** ListMultipartUploads (Amazon S3 API Reference). */
export function listUploads({ bucket, query }: S3Call): AwsResponse {
  const { encode, encodingType, ...list } = readListQuery(query, 'max-uploads');
  const keyMarker = query.get('key-marker') ?? '';
  // Without a key marker it counts for nothing.
  const idMarker = keyMarker === '' ? '' : (query.get('upload-id-marker') ?? '');
  const uploads = bucket.uploads.all();
  const marked = uploads.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
  if (idMarker !== '' && marked < 0) throw invalidArgument('Invalid uploadId marker', 'upload-id-marker', idMarker);
  const { page, last } = readPage(
    uploads.map((upload, index) => [upload.key, { upload, index }] as const),
    { ...list, after: keyMarker },
    ({ index }) => idMarker !== '' && index > marked,
  );
  const listed = page.flatMap(({ value }) => (value ? [value.upload] : []));
  const lastListed = page.at(-1)?.value?.upload;
  return xmlResponse('ListMultipartUploadsResult', [
    ['Bucket', bucket.name],
    ['KeyMarker', encode(keyMarker)],
    ['UploadIdMarker', idMarker],
    ['NextKeyMarker', encode(lastListed?.key ?? '')],
    ['NextUploadIdMarker', lastListed?.id ?? ''],
    ['Prefix', list.prefix === '' ? undefined : encode(list.prefix)],
    ['Delimiter', list.delimiter === '' ? undefined : encode(list.delimiter)],
    encodingType,
    ['MaxUploads', list.limit],
    ['IsTruncated', last !== undefined],
    ...listed.map((upload): Xml => ['Upload', [['Key', encode(upload.key)], ...uploadElements(upload)]]),
    ...prefixElements(page, encode),
  ]);
}

/** ListParts (Amazon S3 API Reference). */
export function listParts(call: S3Call): AwsResponse {
  const { bucket, key, query } = call;
  const upload = bucket.uploads.find(key, uploadIdOf(call));
  const limit = readLimit(query, 'max-parts');
  const marker = query.get('part-number-marker') || '0';
  if (!/^\d{1,9}$/.test(marker)) {
    throw invalidArgument(
      'Provided part-number-marker not an integer or within integer range',
      'part-number-marker',
      marker,
    );
  }
  const rest = [...upload.parts.values()]
    .filter(({ number }) => number > Number(marker))
    .sort((one, other) => one.number - other.number);
  const page = rest.slice(0, limit);
  return xmlResponse('ListPartsResult', [
    ['Bucket', bucket.name],
    ['Key', key],
    ['UploadId', upload.id],
    INITIATOR,
    OWNER,
    ['StorageClass', storageClassOf(upload.headers)],
    ['PartNumberMarker', Number(marker)],
    ['NextPartNumberMarker', page.at(-1)?.number ?? 0],
    ['MaxParts', limit],
    ['IsTruncated', page.length < rest.length],
    ...checksumKind(upload),
    ...page.map(
      (part): Xml => [
        'Part',
        [
          ['PartNumber', part.number],
          ['LastModified', part.lastModified.toISOString()],
          ['ETag', part.etag],
          ['Size', part.body.length],
          ...(upload.checksum ? checksumElements(part.checksum, false) : []),
        ],
      ],
    ),
  ]);
}

const uploadElements = (upload: Upload): Xml[] => [
  ['UploadId', upload.id],
  INITIATOR,
  OWNER,
  ['StorageClass', storageClassOf(upload.headers)],
  ['Initiated', upload.initiated.toISOString()],
  ...checksumKind(upload),
];

const checksumKind = ({ checksum }: Upload): Xml[] => [
  ['ChecksumAlgorithm', checksum?.algorithm],
  ['ChecksumType', checksum?.type],
];
