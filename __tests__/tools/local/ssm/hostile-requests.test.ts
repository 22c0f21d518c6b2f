import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { type SsmService, startSsm } from '#local/ssm/ssm.ts';
import { allowAll } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';
import { jsonRequest, sendRaw } from '#tests/tools/local/aws-endpoint/raw-request.ts';

const log = new RuntimeLog();
let service: SsmService;

beforeAll(async () => {
  const parameters = [{ name: '/a/b', value: 'x' }];
  service = await startSsm({ region: 'eu-central-1', parameters, authorize: allowAll, log });
});
afterAll(() => service.close());

const name = fc.oneof(
  fc.constantFrom<unknown>(
    '/a/b',
    '/a/b:1',
    '/a/b:',
    ':',
    '',
    '/',
    '__proto__',
    'constructor',
    'arn:aws:ssm:::parameter/a/b',
    1,
    null,
  ),
  fc.string(),
);
const token = fc.constantFrom<unknown>('', 'x', '__proto__', 1);
const input = fc.record(
  {
    Name: name,
    Names: fc.oneof(fc.array(name, { maxLength: 12 }), name),
    Path: name,
    Value: fc.oneof(fc.string(), fc.constantFrom<unknown>(1, null, {})),
    Type: fc.constantFrom<unknown>('String', 'SecureString', 'Number', 1),
    Overwrite: fc.constantFrom<unknown>(true, 'yes'),
    Recursive: fc.constantFrom<unknown>(true, 1),
    WithDecryption: fc.constantFrom<unknown>(true, 'x'),
    MaxResults: fc.constantFrom<unknown>(1, 0, 1e9, 'x'),
    NextToken: token,
    ParameterFilters: fc.constantFrom<unknown>(
      [],
      [{}],
      [{ Key: 'Name', Values: ['/a'] }],
      [{ Key: 'x', Values: [1] }],
      'x',
    ),
  },
  { requiredKeys: [] },
);
const operation = fc.constantFrom(
  'GetParameter',
  'GetParameters',
  'GetParametersByPath',
  'PutParameter',
  'DeleteParameter',
  'DescribeParameters',
  'constructor',
);

describe('Parameter Store of the local runtime and requests that are wrong', () => {
  it('whatever an operation is given, the answer is 200 or 400 and names the mistake', async () => {
    await fc.assert(
      fc.asyncProperty(operation, input, async (which, wrong) => {
        const { status, body } = await sendRaw(service.url, jsonRequest(`AmazonSSM.${which}`, wrong));
        expect([200, 400]).toContain(status);
        const shape = { __type: expect.stringMatching(/#\w+$/), message: expect.stringMatching(/./) };
        if (status === 400) expect(JSON.parse(body)).toMatchObject(shape);
      }),
      { numRuns: 500 },
    );
    expect(log.query(({ kind }) => kind === 'warning')).toEqual([]);
  });

  it('names every mistake of an input at once', async () => {
    const wrong = { Name: '', Value: '', Type: 'Number' };
    const { body } = await sendRaw(service.url, jsonRequest('AmazonSSM.PutParameter', wrong));
    expect(JSON.parse(body).message).toMatch(
      /^3 validation errors detected: .* at 'name' .*; .* at 'value' .*; .* at 'type' /,
    );
  });
});
