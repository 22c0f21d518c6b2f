import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { HttpService } from '#local/http/listen.ts';
import { createAuthorizer } from '#local/iam/authorizer.ts';
import { startS3 } from '#local/s3/s3.ts';
import { storeOf } from '#tests/tools/local/iam/support.ts';
import { expectDocumented } from '#tests/tools/local/support/compared.ts';

/** What users of boto3 do, each with what it must give. boto3 signs, checks checksums, and decodes what it listed. */
const CASES = `
import boto3, io, json, sys, urllib.request, urllib.error
from botocore.config import Config
from botocore.exceptions import ClientError
url, key, secret = json.load(sys.stdin)
client = lambda **more: boto3.client('s3', endpoint_url=url, region_name='eu-central-1', aws_access_key_id=key, aws_secret_access_key=secret, config=Config(retries={'max_attempts': 1}, **more))
c, signed = client(), client(signature_version='s3v4')
K = 'a b+c/ü&<>"~*.txt'
cases = []
def case(name):
    def keep(f): cases.append((name, f)); return f
    return keep
def error(f):
    try: f()
    except ClientError as e: return e.response['Error']['Code'], e.response['ResponseMetadata']['HTTPStatusCode']
def fetch(url, **more):
    try: r = urllib.request.urlopen(urllib.request.Request(url, **more)); return r.status, r.read(), dict(r.headers)
    except urllib.error.HTTPError as e: return e.code, e.read(), dict(e.headers)
def upload(B, **more):
    u = c.create_multipart_upload(Bucket=B, Key='mp', **more)['UploadId']
    body = b'x' * (5 * 1024 * 1024)
    parts = []
    for n, b in [(1, body), (2, b'tail')]:
        r = c.upload_part(Bucket=B, Key='mp', UploadId=u, PartNumber=n, Body=b, **more)
        parts.append({'PartNumber': n, **{k: v for k, v in r.items() if k == 'ETag' or more and k.startswith('Checksum')}})
    r = c.complete_multipart_upload(Bucket=B, Key='mp', UploadId=u, MultipartUpload={'Parts': parts})
    return r['ETag'].endswith('-2"') and c.get_object(Bucket=B, Key='mp')['Body'].read() == body + b'tail'
for B in ['versioned', 'plain']:
    case('put ' + B)(lambda B=B: bool(c.put_object(Bucket=B, Key=K, Body=b'hello', ContentType='text/plain', Metadata={'x': '1'}, Tagging='a=b&c=d').get('ChecksumCRC32')))
    case('request ids')(lambda B=B: all(c.head_object(Bucket=B, Key=K)['ResponseMetadata'].get(n) for n in ['RequestId', 'HostId']))
    case('get')(lambda B=B: (lambda r: (r['Body'].read(), r['TagCount'], r['Metadata']) == (b'hello', 2, {'x': '1'}))(c.get_object(Bucket=B, Key=K)))
    case('list v2')(lambda B=B: c.list_objects_v2(Bucket=B)['Contents'][0]['Key'] == K)
    case('list v1')(lambda B=B: c.list_objects(Bucket=B, Delimiter='/')['CommonPrefixes'] == [{'Prefix': 'a b+c/'}])
    case('list versions')(lambda B=B: (c.list_object_versions(Bucket=B)['Versions'][0]['VersionId'] == 'null') == (B == 'plain'))
    case('copy')(lambda B=B: c.copy_object(Bucket=B, Key='copy ü', CopySource={'Bucket': B, 'Key': K}) and c.head_object(Bucket=B, Key='copy ü')['ContentType'] == 'text/plain')
    case('copy onto itself')(lambda B=B: error(lambda: c.copy_object(Bucket=B, Key=K, CopySource={'Bucket': B, 'Key': K})) == ('InvalidRequest', 400))
    case('copy of nothing')(lambda B=B: error(lambda: c.copy_object(Bucket=B, Key='x', CopySource={'Bucket': B, 'Key': 'no'})) == ('NoSuchKey', 404))
    case('delete many')(lambda B=B: (lambda r: len(r['Deleted']) == 1 and r['Errors'][0]['Code'] == 'NoSuchVersion')(c.delete_objects(Bucket=B, Delete={'Objects': [{'Key': 'no'}, {'Key': K, 'VersionId': 'bad'}]})))
    case('delete too many')(lambda B=B: error(lambda: c.delete_objects(Bucket=B, Delete={'Objects': [{'Key': 'x'}] * 1001})) == ('MalformedXML', 400))
    case('bad version')(lambda B=B: error(lambda: c.get_object(Bucket=B, Key=K, VersionId='bad')) == ('InvalidArgument', 400))
    case('bad md5')(lambda B=B: error(lambda: c.put_object(Bucket=B, Key='x', Body=b'', ContentMD5='__invalid__')) == ('InvalidDigest', 400))
    case('if-none-match with an etag')(lambda B=B: error(lambda: c.put_object(Bucket=B, Key='x', Body=b'', IfNoneMatch='"etag"')) == ('NotImplemented', 501))
    case('head of nothing')(lambda B=B: error(lambda: c.head_object(Bucket=B, Key='no')) == ('404', 404))
    case('location')(lambda B=B: c.get_bucket_location(Bucket=B)['LocationConstraint'] == 'eu-central-1')
    case('versioning')(lambda B=B: c.get_bucket_versioning(Bucket=B).get('Status') == ('Enabled' if B == 'versioned' else None))
    case('multipart')(lambda B=B: upload(B))
    case('multipart sha256')(lambda B=B: upload(B, ChecksumAlgorithm='SHA256'))
    case('no such upload')(lambda B=B: error(lambda: c.upload_part(Bucket=B, Key='mp', UploadId='no', PartNumber=1, Body=b'')) == ('NoSuchUpload', 404))
    case('managed transfer')(lambda B=B: c.upload_fileobj(io.BytesIO(b'y' * 9000000), B, 'big') is None and c.copy({'Bucket': B, 'Key': 'big'}, B, 'big2') is None and c.head_object(Bucket=B, Key='big2')['ContentLength'] == 9000000)
    case('presigned get')(lambda B=B: (lambda r: r[:2] == (200, b'hello') and r[2]['content-type'] == 'x/y')(fetch(signed.generate_presigned_url('get_object', Params={'Bucket': B, 'Key': K, 'ResponseContentType': 'x/y'}))))
    case('presigned put')(lambda B=B: fetch(signed.generate_presigned_url('put_object', Params={'Bucket': B, 'Key': 'p'}), data=b'put', method='PUT', headers={'content-type': ''})[0] == 200)
    case('presigned and expired')(lambda B=B: (lambda r: r[0] == 403 and b'<Message>Request has expired</Message>' in r[1])(fetch(signed.generate_presigned_url('get_object', Params={'Bucket': B, 'Key': K}, ExpiresIn=0))))
    case('pages of versions')(lambda B=B: sum(len(p.get('Versions', [])) for p in c.get_paginator('list_object_versions').paginate(Bucket=B, PaginationConfig={'PageSize': 2})) == len(c.list_object_versions(Bucket=B)['Versions']))
    case('tags')(lambda B=B: c.get_object_tagging(Bucket=B, Key=K)['TagSet'] == [{'Key': 'a', 'Value': 'b'}, {'Key': 'c', 'Value': 'd'}])
    case('attributes')(lambda B=B: c.get_object_attributes(Bucket=B, Key='mp', ObjectAttributes=['ObjectParts'])['ObjectParts']['TotalPartsCount'] == 2)
failed = []
for name, f in cases:
    try: fine = f() is True
    except Exception as e: fine, name = False, name + ': ' + repr(e)
    if not fine: failed.append(name)
json.dump({'cases': len(cases), 'failed': failed}, sys.stdout)
`;

const RESULT = z.object({ cases: z.number(), failed: z.array(z.string()) });

function hasBoto3(): boolean {
  try {
    execFileSync('python3', ['-c', 'import boto3'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const credentials = storeOf([]);
let service: HttpService;
beforeAll(async () => {
  const buckets = [
    { name: 'versioned', versioned: true },
    { name: 'plain', versioned: false },
  ];
  const { authorize } = createAuthorizer({ credentials, log: new RuntimeLog() });
  service = await startS3({ region: 'eu-central-1', buckets, authorize });
});
afterAll(() => service.close());

describe.skipIf(!hasBoto3())('S3 of the local runtime and boto3', () => {
  it('serves what it does as AWS does', { timeout: 600_000 }, async () => {
    const { accessKeyId, secretAccessKey } = credentials.operator.credentials;
    const running = promisify(execFile)('python3', ['-c', CASES]);
    running.child.stdin?.end(JSON.stringify([service.url, accessKeyId, secretAccessKey]));
    const { cases, failed } = RESULT.parse(JSON.parse((await running).stdout));
    expect(failed).toEqual([]);
    expectDocumented('s3', { against: 'what boto3 expects', cases, differ: failed.length });
  });
});
