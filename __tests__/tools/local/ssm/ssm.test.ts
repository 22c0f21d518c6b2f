import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetCommandInvocationCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SsmService, startSsm } from '#local/ssm/ssm.ts';
import { clientSettings, recordingAuthorize } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';

const ARN = 'arn:aws:ssm:eu-west-1:000000000000:parameter';
let recording: ReturnType<typeof recordingAuthorize>;
let service: SsmService;
let client: SSMClient;

beforeEach(async () => {
  recording = recordingAuthorize('ssm:DeleteParameter');
  const parameters = [
    { name: '/app/dev/key', value: 'secret', type: 'SecureString' as const },
    { name: '/app/dev/name', value: 'plain' },
    { name: '/app/dev/deep/er', value: 'below' },
    { name: 'replacement_map', value: '{"a":"b"}' },
  ];
  service = await startSsm({ region: 'eu-west-1', parameters, authorize: recording.authorize });
  client = new SSMClient(clientSettings(service.url, 'eu-west-1'));
});

afterEach(async () => {
  client.destroy();
  await service.close();
});

const get = async (Name: string, WithDecryption?: boolean) =>
  (await client.send(new GetParameterCommand({ Name, ...(WithDecryption !== undefined && { WithDecryption }) })))
    .Parameter;
const put = (Name: string, Value: string, more: object = {}) =>
  client.send(new PutParameterCommand({ Name, Value, ...more }));

describe('S0.5: Parameter Store of the local runtime', () => {
  it('answers a parameter by name, whole', async () => {
    expect(await get('/app/dev/name')).toEqual({
      Name: '/app/dev/name',
      Type: 'String',
      Value: 'plain',
      Version: 1,
      LastModifiedDate: expect.any(Date),
      ARN: `${ARN}/app/dev/name`,
      DataType: 'text',
    });
    expect((await get('replacement_map'))?.ARN).toBe(`${ARN}/replacement_map`);
  });

  it('answers a SecureString only when asked to decrypt it; otherwise an opaque blob', async () => {
    expect(await get('/app/dev/key', true)).toMatchObject({ Value: 'secret', Type: 'SecureString' });
    for (const blob of [await get('/app/dev/key'), await get('/app/dev/key', false)]) {
      expect(blob?.Type).toBe('SecureString');
      expect(blob?.Value).not.toContain('secret');
      expect(Buffer.from(blob?.Value ?? '', 'base64').toString()).not.toContain('secret');
    }
    expect((await get('/app/dev/name', true))?.Value).toBe('plain');
  });

  it('finds a parameter by its ARN and its versions by number', async () => {
    await put('/app/dev/name', 'second', { Overwrite: true });
    expect(await get(`${ARN}/app/dev/name`)).toMatchObject({ Value: 'second', Version: 2 });
    expect(await get(`${ARN}/replacement_map`)).toMatchObject({ Name: 'replacement_map' });
    expect(await get('/app/dev/name:1')).toMatchObject({ Name: '/app/dev/name', Value: 'plain', Selector: ':1' });
    await expect(get('/app/dev/name:3')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
  });

  it('a parameter that is not there is ParameterNotFound', async () => {
    await expect(get('absent')).rejects.toMatchObject({ name: 'ParameterNotFound' });
  });

  it('answers several at once, and names those that are not there', async () => {
    const Names = ['/app/dev/key', 'absent', 'replacement_map'];
    const output = await client.send(new GetParametersCommand({ Names, WithDecryption: true }));
    expect(output.Parameters?.map(({ Name, Value }) => [Name, Value])).toEqual([
      ['/app/dev/key', 'secret'],
      ['replacement_map', '{"a":"b"}'],
    ]);
    expect(output.InvalidParameters).toEqual(['absent']);
  });

  it('answers what is below a path, directly or at any depth, page by page', async () => {
    const below = async (more: object) => {
      const output = await client.send(new GetParametersByPathCommand({ Path: '/app/dev', ...more }));
      return { names: output.Parameters?.map(({ Name }) => Name), NextToken: output.NextToken };
    };
    expect((await below({})).names).toEqual(['/app/dev/key', '/app/dev/name']);
    expect((await below({ Path: '/app/dev/' })).names).toEqual(['/app/dev/key', '/app/dev/name']);
    expect((await below({ Path: '/app/de', Recursive: true })).names).toEqual([]);
    const first = await below({ Recursive: true, MaxResults: 2 });
    expect(first.names).toEqual(['/app/dev/deep/er', '/app/dev/key']);
    const rest = await below({ Recursive: true, MaxResults: 2, NextToken: first.NextToken });
    expect(rest).toEqual({ names: ['/app/dev/name'], NextToken: undefined });
    await expect(below({ NextToken: '?' })).rejects.toMatchObject({ name: 'InvalidNextToken' });
  });

  it('puts a new parameter once; overwriting adds a version and keeps the type', async () => {
    expect(await put('/new/one', 'a', { Type: 'SecureString' })).toMatchObject({ Version: 1, Tier: 'Standard' });
    await expect(put('/new/one', 'b', { Type: 'String' })).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    expect(await put('/new/one', 'b', { Overwrite: true })).toMatchObject({ Version: 2 });
    expect(await get('/new/one', true)).toMatchObject({ Value: 'b', Version: 2, Type: 'SecureString' });
  });

  it.each([
    ['a new parameter without a type', '/new/two', 'x', {}, /type is required/],
    ['an empty value', '/new/two', '', { Type: 'String' }, /Value '' at 'value'.*length greater than or equal to 1/],
    ['a name with a space', 'a b', 'x', { Type: 'String' }, /mix of letters, numbers/],
    ['a path that does not begin with a slash', 'a/b', 'x', { Type: 'String' }, /fully qualified name/],
    ['a name that AWS keeps for itself', '/AWSx', 'x', { Type: 'String' }, /can't be prefixed with "aws" or "ssm"/],
    [
      'a type that there is not',
      '/new/two',
      'x',
      { Type: 'Number' },
      /enum value set: \[SecureString, StringList, String\]/,
    ],
    ['a value over 4 KB', '/new/two', 'ü'.repeat(2049), { Type: 'String' }, /Standard tier.*4096 characters/],
    ['a value over 8 KB', '/new/two', 'x'.repeat(8193), { Type: 'String', Tier: 'Advanced' }, /8192 characters/],
    ['a value that nests a parameter', '/new/two', 'a {{ssm:b}}', { Type: 'String' }, /can't nest another parameter/],
    ['a data type that there is not', '/new/two', 'x', { Type: 'String', DataType: 'Text' }, /not supported: Text/],
  ])('refuses %s', async (_, name, value, more, message) => {
    await expect(put(name, value, more)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
    expect(service.get(name)).toBeUndefined();
  });

  it('describes parameters without their values, filtered', async () => {
    const describeAll = async (more: object) =>
      (await client.send(new DescribeParametersCommand(more))).Parameters?.map(({ Name }) => Name);
    expect(await describeAll({})).toEqual(['/app/dev/deep/er', '/app/dev/key', '/app/dev/name', 'replacement_map']);
    const { Parameters = [] } = await client.send(new DescribeParametersCommand({}));
    expect(Parameters.some((parameter) => 'Value' in parameter)).toBe(false);
    const filtered = (Key: string, Option: string, Value: string) =>
      describeAll({ ParameterFilters: [{ Key, Option, Values: [Value] }] });
    expect(await filtered('Name', 'BeginsWith', '/app/dev/k')).toEqual(['/app/dev/key']);
    expect(await filtered('Type', 'Equals', 'SecureString')).toEqual(['/app/dev/key']);
    expect(await filtered('Path', 'OneLevel', '/app/dev')).toEqual(['/app/dev/key', '/app/dev/name']);
    expect(await filtered('KeyId', 'Equals', 'alias/aws/ssm')).toEqual(['/app/dev/key']);
    await expect(filtered('KeyId', 'Contains', 'x')).rejects.toMatchObject({ name: 'InvalidFilterOption' });
  });

  it('deletes a parameter, unless IAM refuses', async () => {
    const command = new DeleteParameterCommand({ Name: 'replacement_map' });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`ssm:DeleteParameter on resource: ${ARN}/replacement_map`),
    });
    const open = await startSsm({
      region: 'eu-west-1',
      parameters: [{ name: 'x', value: '1' }],
      authorize: async () => ({ allowed: true }),
    });
    const other = new SSMClient(clientSettings(open.url));
    await expect(other.send(new DeleteParameterCommand({ Name: 'x:1' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    await other.send(new DeleteParameterCommand({ Name: 'x' }));
    await expect(other.send(new DeleteParameterCommand({ Name: 'x' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    other.destroy();
    await open.close();
  });

  it('an operation that is not served is refused with the list of those that are', async () => {
    const command = new GetCommandInvocationCommand({ CommandId: '0'.repeat(36), InstanceId: 'i-12345678' });
    await expect(client.send(command)).rejects.toMatchObject({
      message: expect.stringMatching(/GetCommandInvocation.*PutParameter/),
    });
  });

  it('B11: names IAM action and ARN of each call', async () => {
    await get('/app/dev/name:1');
    await get('replacement_map');
    await client.send(new GetParametersCommand({ Names: ['/app/dev/name', 'absent'] }));
    await client.send(new GetParametersByPathCommand({ Path: '/app/dev/' }));
    await put('/app/dev/name', 'x', { Overwrite: true });
    await client.send(new DescribeParametersCommand({}));
    expect(recording.asked.map(({ action, resources }) => [action, ...resources])).toEqual([
      ['ssm:GetParameter', `${ARN}/app/dev/name`],
      ['ssm:GetParameter', `${ARN}/replacement_map`],
      ['ssm:GetParameters', `${ARN}/app/dev/name`, `${ARN}/absent`],
      ['ssm:GetParametersByPath', `${ARN}/app/dev`],
      ['ssm:PutParameter', `${ARN}/app/dev/name`],
      ['ssm:DescribeParameters', 'arn:aws:ssm:eu-west-1:000000000000:*'],
    ]);
    expect(recording.asked[0]).toMatchObject({ service: 'ssm', region: 'eu-west-1', accessKeyId: 'AKIDLOCAL' });
  });
});

describe('Parameter Store of the local runtime, in the process', () => {
  it('reads and puts, and clients see it at once', async () => {
    service.put('replacement_map', '{}');
    service.put('fresh', 'x');
    expect(await get('replacement_map')).toMatchObject({ Value: '{}', Version: 2 });
    expect(await get('fresh')).toMatchObject({ Value: 'x', Type: 'String' });
    service.put('/app/dev/key', 'rotated');
    expect(service.get('/app/dev/key')).toBe('rotated');
    expect(await get('/app/dev/key', true)).toMatchObject({ Value: 'rotated', Type: 'SecureString' });
  });

  it('tells of each change, whoever made it, until it is told to stop', async () => {
    const changes: unknown[] = [];
    const stop = service.onChange((change) => changes.push(change));
    service.put('a', '1');
    await put('b', '2', { Type: 'String' });
    stop();
    service.put('c', '3');
    expect(changes).toEqual([
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ]);
  });
});
