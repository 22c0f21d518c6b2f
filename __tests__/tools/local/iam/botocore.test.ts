import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { createAuthorizer } from '#local/iam/authorizer.ts';
import { expectDocumented } from '#tests/tools/local/support/compared.ts';
import { allow, role, storeOf } from './support.ts';

/** Signs requests that a seeded generator makes: names and values twice and empty, encoded slashes, blanks, tabs, letters beyond ASCII. */
const SIGN = `
import json, random, sys
from urllib.parse import quote
from botocore.auth import SigV4Auth, S3SigV4Auth, S3SigV4QueryAuth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
given = json.load(sys.stdin)
credentials = Credentials(given['accessKeyId'], given['secretAccessKey'], given['sessionToken'])
random.seed(1)
letters = ['a', 'B', '7', '-', '.', '_', '~', ' ', '+', '/', '%', '=', '&', '?', '*', "'", '(', 'ü', '漢', '😀', '__proto__']
text = lambda most: ''.join(random.choice(letters) for _ in range(random.randint(0, most)))
out = []
for index in range(given['count']):
    kind = [('dynamodb', SigV4Auth), ('execute-api', SigV4Auth), ('s3', S3SigV4Auth), ('s3', S3SigV4QueryAuth), ('execute-api', SigV4QueryAuth)][index % 5]
    service, auth = kind
    path = '/' + '/'.join(quote(text(4), safe='~') for _ in range(random.randint(0, 4)))
    pairs = [(text(3) or 'q', text(4)) for _ in range(random.randint(0, 4))]
    pairs += random.sample(pairs, random.randint(0, len(pairs)))
    query = '&'.join(quote(name, safe='-_.~') + '=' + quote(value, safe='-_.~') for name, value in pairs)
    url = 'http://127.0.0.1:4000' + path + ('?' + query if query else '')
    isQuery = auth in (S3SigV4QueryAuth, SigV4QueryAuth)
    method = 'GET' if isQuery else random.choice(['GET', 'PUT', 'POST'])
    body = b'' if method == 'GET' else text(20).encode()
    headers = {} if isQuery else {'x-amz-meta-a': random.choice(['a\\tb', '  a  b ', 'a,b', '', 'x \\t y']), 'x-custom': random.choice(['1', 'a  b'])}
    request = AWSRequest(method=method, url=url, data=body, headers=headers)
    signer = auth(credentials, service, 'eu-central-1', expires=300) if isQuery else auth(credentials, service, 'eu-central-1')
    signer.add_auth(request)
    prepared = request.prepare()
    target = prepared.url[len('http://127.0.0.1:4000'):]
    sent = {'host': '127.0.0.1:4000', **{name.lower(): value if isinstance(value, str) else value.decode() for name, value in prepared.headers.items()}}
    out.append({'service': service, 'method': method, 'url': target, 'headers': sent, 'body': body.decode()})
json.dump(out, sys.stdout)
`;

const SIGNED = z.array(
  z.object({
    service: z.string(),
    method: z.string(),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
  }),
);
const COUNT = 300;
const store = storeOf([role('all', allow(['*'], ['*']))]);
const credentials = store.forRole('arn:aws:iam::000000000000:role/all');
const { authorize } = createAuthorizer({ credentials: store, log: new RuntimeLog() });

const signed = signWithBotocore();

function signWithBotocore(): z.infer<typeof SIGNED> | undefined {
  try {
    const input = JSON.stringify({ ...credentials, count: COUNT });
    const output = execFileSync('python3', ['-c', SIGN], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    return SIGNED.parse(JSON.parse(output));
  } catch {
    // No Python with botocore here.
    return undefined;
  }
}

describe.skipIf(signed === undefined)('SigV4 verification beside botocore', () => {
  it('accepts whatever botocore signs, and nothing that was changed afterwards', async () => {
    const requests = (signed ?? []).map((each) => ({
      ...each,
      region: 'eu-central-1',
      action: `${each.service}:Any`,
      resources: ['*'],
      body: Buffer.from(each.body),
    }));
    const refused = [];
    for (const request of requests) {
      const decision = await authorize(request);
      if (!decision.allowed) refused.push({ ...request, ...decision });
      const changed = { ...request, url: request.url.includes('?') ? `${request.url}&z=1` : `${request.url}?z=1` };
      expect((await authorize(changed)).allowed).toBe(false);
    }
    expect(refused).toEqual([]);
    expect(requests).toHaveLength(COUNT);
    expectDocumented('signatures', {
      against: 'generated requests signed by botocore',
      cases: COUNT,
      differ: refused.length,
    });
  });
});
