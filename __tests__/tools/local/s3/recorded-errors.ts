import type { sendRaw } from '#tests/tools/local/aws-endpoint/raw-request.ts';

type Request = Parameters<typeof sendRaw>[1];

/** Elements of an error by name. */
export type Fields = Readonly<Record<string, string>>;

const get = (path: string, headers: Record<string, string> = {}): Request => ({ method: 'GET', path, headers });
const put = (path: string, headers: Record<string, string> = {}, body = 'x'): Request => ({
  method: 'PUT',
  path,
  headers,
  body,
});
const post = (path: string, body: string, headers: Record<string, string> = {}): Request => ({
  method: 'POST',
  path,
  headers,
  body,
});
const argument = (ArgumentName: string, ArgumentValue: string, Message: string): Fields => ({
  Code: 'InvalidArgument',
  Message,
  ArgumentName,
  ArgumentValue,
});
const header = (Header: string, additionalMessage: string): Fields => ({
  Code: 'NotImplemented',
  Message: 'A header you provided implies functionality that is not implemented',
  Header,
  additionalMessage,
});
const precondition = (Condition: string): Fields => ({
  Code: 'PreconditionFailed',
  Message: 'At least one of the pre-conditions you specified did not hold',
  Condition,
});
const range = (RangeRequested: string): Fields => ({
  Code: 'InvalidRange',
  Message: 'The requested range is not satisfiable',
  RangeRequested,
  ActualObjectSize: '10',
});
const NO_KEY: Fields = { Code: 'NoSuchKey', Message: 'The specified key does not exist.', Key: 'absent' };
const NO_UPLOAD: Fields = {
  Code: 'NoSuchUpload',
  Message:
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  UploadId: 'fakeid',
};
const MALFORMED: Fields = {
  Code: 'MalformedXML',
  Message: 'The XML you provided was not well-formed or did not validate against our published schema',
};
const digest = (value: string): Fields => ({
  Code: 'InvalidDigest',
  Message: 'The Content-MD5 you specified was invalid.',
  'Content-MD5': value,
});
const encoding = (value: string) => argument('encoding-type', value, 'Invalid Encoding Method specified in Request');
const tagging = (value: string) =>
  argument(
    'x-amz-tagging',
    value,
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
  );
const invalid = (Message: string): Fields => ({ Code: 'InvalidRequest', Message });
const checksum = (algorithm: string) => invalid(`Value for x-amz-checksum-${algorithm} header is invalid.`);
const badDigest = (algorithm: string): Fields => ({
  Code: 'BadDigest',
  Message: `The ${algorithm} you specified did not match the calculated checksum.`,
});
const part = (value: string) =>
  argument('partNumber', value, 'Part number must be an integer between 1 and 10000, inclusive');

/**
 * What S3 answers, as it was recorded on AWS: the errors in the snapshots of LocalStack's tests (localstack/localstack, tests/aws/services/s3). `/v`
 * keeps versions, `/p` doesn't; both hold `key` of ten bytes.
 */
export const RECORDED: readonly (readonly [request: Request, status: number, fields: Fields])[] = [
  [get('/p/absent'), 404, NO_KEY],
  [get('/v/absent'), 404, NO_KEY],
  [get('/p/absent', { range: 'bytes=0-8' }), 404, NO_KEY],
  [get('/none/x'), 404, { Code: 'NoSuchBucket', Message: 'The specified bucket does not exist', BucketName: 'none' }],
  [get('/p/key', { range: 'bytes=100-200' }), 416, range('bytes=100-200')],
  [get('/p/key', { range: 'bytes=-0' }), 416, range('bytes=-0')],
  [get('/p/key', { 'if-match': '"x"' }), 412, precondition('If-Match')],
  [get('/p/key', { 'if-unmodified-since': 'Tue, 01 Jan 2019 00:00:00 GMT' }), 412, precondition('If-Unmodified-Since')],
  [get('/v/key?versionId=bad'), 400, argument('versionId', 'bad', 'Invalid version id specified')],
  [
    { method: 'DELETE', path: '/p/key?versionId=HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD' },
    400,
    argument('versionId', 'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD', 'Invalid version id specified'),
  ],
  [
    get('/p/key?partNumber=2'),
    416,
    {
      Code: 'InvalidPartNumber',
      Message: 'The requested partnumber is not satisfiable',
      PartNumberRequested: '2',
      ActualPartCount: '1',
    },
  ],
  [
    get('/p/key?partNumber=1', { range: 'bytes=0-1' }),
    400,
    invalid('Cannot specify both Range header and partNumber query parameter'),
  ],
  ...['list-type=2', 'versions', 'uploads', 'prefix='].flatMap((list): [Request, number, Fields][] => [
    [get(`/p?${list}&encoding-type=value`), 400, encoding('value')],
    [get(`/p?${list}&encoding-type=`), 400, encoding('')],
  ]),
  [
    get('/p?list-type=2&continuation-token='),
    400,
    {
      Code: 'InvalidArgument',
      Message: 'The continuation token provided is incorrect',
      ArgumentName: 'continuation-token',
    },
  ],
  [
    get('/v?versions&version-id-marker=x'),
    400,
    argument('version-id-marker', 'x', 'A version-id marker cannot be specified without a key marker.'),
  ],
  [
    get('/p?uploads&key-marker=key&upload-id-marker=x'),
    400,
    argument('upload-id-marker', 'x', 'Invalid uploadId marker'),
  ],
  [put('/p/key', { 'if-none-match': '*' }), 412, precondition('If-None-Match')],
  [put('/p/key', { 'if-match': '"x"' }), 412, precondition('If-Match')],
  [put('/p/absent', { 'if-match': '"x"' }), 404, NO_KEY],
  [
    put('/p/key', { 'if-none-match': '"x"' }),
    501,
    header('If-None-Match', "We don't accept the provided value of If-None-Match header for this API"),
  ],
  [
    put('/p/key', { 'if-match': '*' }),
    501,
    header('If-Match', "We don't accept the provided value of If-Match header for this API"),
  ],
  [
    put('/p/key', { 'if-match': '"x"', 'if-none-match': '*' }),
    501,
    header('If-Match,If-None-Match', 'Multiple conditional request headers present in the request'),
  ],
  ...['000', 'MTIz', '__invalid__', 'dGVzdC1zdHJpbmc=', 'not base64 encoded checksum'].map(
    (value): [Request, number, Fields] => [put('/p/key', { 'content-md5': value }), 400, digest(value)],
  ),
  [
    put('/p/key', { 'content-md5': 'CYketZBSTjX8czcs3cXVlg==' }),
    400,
    {
      Code: 'BadDigest',
      Message: 'The Content-MD5 you specified did not match what we received.',
      ExpectedDigest: 'CYketZBSTjX8czcs3cXVlg==',
      CalculatedDigest: 'ndTkYSaMgDT1yFZOFVxnpg==',
    },
  ],
  ...['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'].map((name): [Request, number, Fields] => [
    put('/p/key', { [`x-amz-checksum-${name}`]: 'bla' }),
    400,
    checksum(name),
  ]),
  [put('/p/key', { 'x-amz-checksum-crc32': 'AAAAAA==' }), 400, badDigest('CRC32')],
  [put('/p/key', { 'x-amz-checksum-crc32c': 'AAAAAA==' }), 400, badDigest('CRC32C')],
  [put('/p/key', { 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' }), 400, badDigest('CRC64NVME')],
  [
    put('/p/key', { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-crc32c': 'AAAAAA==' }),
    400,
    invalid('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.'),
  ],
  [put('/p/key', { 'x-amz-tagging': 'key1=val1&key1=val2' }), 400, tagging('key1=val1&key1=val2')],
  [put('/p/key', { 'x-amz-tagging': 'key1=val1,key2=val2' }), 400, tagging('key1=val1,key2=val2')],
  [
    put('/p/key', { 'x-amz-storage-class': 'OUTPOSTS' }),
    400,
    {
      Code: 'InvalidStorageClass',
      Message: 'The storage class you specified is not valid',
      StorageClassRequested: 'OUTPOSTS',
    },
  ],
  [
    put('/p/copy', { 'x-amz-copy-source': 'wrongformat' }, ''),
    400,
    argument('x-amz-copy-source', 'x-amz-copy-source', 'Invalid copy source object key'),
  ],
  [put('/p/copy', { 'x-amz-copy-source': 'p/absent' }, ''), 404, NO_KEY],
  [
    put('/p/key', { 'x-amz-copy-source': 'p/key' }, ''),
    400,
    invalid(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    ),
  ],
  [
    put('/p/copy', { 'x-amz-copy-source': 'p/key', 'x-amz-copy-source-if-match': '"x"' }, ''),
    412,
    precondition('x-amz-copy-source-If-Match'),
  ],
  [
    put(
      '/p/copy',
      { 'x-amz-copy-source': 'p/key', 'x-amz-copy-source-if-none-match': '"781e5e245d69b566979b86e28d23f2c7"' },
      '',
    ),
    412,
    precondition('x-amz-copy-source-If-None-Match'),
  ],
  [
    put(
      '/p/copy',
      { 'x-amz-copy-source': 'p/key', 'x-amz-copy-source-if-unmodified-since': 'Tue, 01 Jan 2019 00:00:00 GMT' },
      '',
    ),
    412,
    precondition('x-amz-copy-source-If-Unmodified-Since'),
  ],
  [
    { method: 'DELETE', path: '/p/key', headers: { 'x-amz-if-match-size': '1' } },
    501,
    {
      Code: 'NotImplemented',
      Message: 'A header you provided implies functionality that is not implemented',
      Header: 'x-amz-if-match-size',
    },
  ],
  [put('/p/key?uploadId=fakeid&partNumber=1'), 404, NO_UPLOAD],
  [get('/p/key?uploadId=fakeid'), 404, NO_UPLOAD],
  [{ method: 'DELETE', path: '/p/key?uploadId=fakeid' }, 404, NO_UPLOAD],
  [put('/p/key?uploadId=fakeid&partNumber=-1'), 400, part('-1')],
  [put('/p/key?uploadId=fakeid&partNumber=0'), 400, part('0')],
  [
    post('/p/key?uploads', '', { 'x-amz-checksum-algorithm': 'TEST' }),
    400,
    invalid(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    ),
  ],
  [
    post('/p/key?uploads', '', { 'x-amz-checksum-type': 'COMPOSITE' }),
    400,
    invalid('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.'),
  ],
  [
    post('/p/key?uploads', '', { 'x-amz-checksum-type': 'COMPOSITE', 'x-amz-checksum-algorithm': 'CRC64NVME' }),
    400,
    invalid('The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.'),
  ],
  [
    post('/p/key?uploads', '', { 'x-amz-checksum-type': 'FULL_OBJECT', 'x-amz-checksum-algorithm': 'SHA1' }),
    400,
    invalid('The FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm.'),
  ],
  [
    put('/p/key?tagging', {}, '<Tagging><TagSet><Tag><Key>Key1,Key2</Key><Value>v</Value></Tag></TagSet></Tagging>'),
    400,
    { Code: 'InvalidTag', Message: 'The TagKey you have provided is invalid', TagKey: 'Key1,Key2' },
  ],
  [
    put('/p/key?tagging', {}, '<Tagging><TagSet><Tag><Key>aws:prefixed</Key><Value>v</Value></Tag></TagSet></Tagging>'),
    400,
    { Code: 'InvalidTag', Message: 'Your TagKey cannot be prefixed with aws:', TagKey: 'aws:prefixed' },
  ],
  [put('/p/key?tagging', {}, 'notxml'), 400, MALFORMED],
  [get('/p/absent?tagging'), 404, NO_KEY],
];
