import {
  DeleteParametersCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  LabelParameterVersionCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
  UnlabelParameterVersionCommand,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SsmService, startSsm } from '#local/ssm/ssm.ts';
import { allowAll, clientSettings } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';
import { expectDocumented } from '#tests/tools/local/support/compared.ts';

let service: SsmService;
let client: SSMClient;

beforeEach(async () => {
  service = await startSsm({ region: 'eu-west-1', parameters: [{ name: '/a/b', value: '1' }], authorize: allowAll });
  client = new SSMClient(clientSettings(service.url, 'eu-west-1'));
});
afterEach(async () => {
  client.destroy();
  await service.close();
});

type Put = Partial<Omit<PutParameterCommandInput, 'Name' | 'Value'>>;
const put = (Name: string, Value: string, more: Put = { Type: 'String' }) =>
  client.send(new PutParameterCommand({ Name, Value, ...more }));
const over = (more: Put = {}): Put => ({ Overwrite: true, ...more });
const get = async (Name: string) => (await client.send(new GetParameterCommand({ Name }))).Parameter;

/** Names of errors that PutParameter has (AWS Systems Manager API Reference), each with a request that AWS refuses so. */
const REFUSED: readonly (readonly [name: string, value: string, more: Put, error: string])[] = [
  ['/a/b', 'x', { Type: 'String' }, 'ParameterAlreadyExists'],
  ['/a/b', 'x', over({ Type: 'SecureString' }), 'HierarchyTypeMismatchException'],
  ['/a/b', 'x', over({ Type: 'StringList' }), 'HierarchyTypeMismatchException'],
  ['/new', 'abc', { Type: 'String', AllowedPattern: '^\\d+$' }, 'ParameterPatternMismatchException'],
  ['/new', 'abc', { Type: 'String', AllowedPattern: '(' }, 'InvalidAllowedPatternException'],
  ['/new', `${'a'.repeat(40)}!`, { Type: 'String', AllowedPattern: '(a+)+' }, 'InvalidAllowedPatternException'],
  [
    `/${Array.from({ length: 16 }, () => 'a').join('/')}`,
    'x',
    { Type: 'String' },
    'HierarchyLevelLimitExceededException',
  ],
  ['/aws/x', 'x', { Type: 'String' }, 'AccessDeniedException'],
  ['/ssm/x', 'x', { Type: 'String' }, 'ValidationException'],
  ['awsome', 'x', { Type: 'String' }, 'ValidationException'],
  ['/new', '{{a}}', { Type: 'String' }, 'ValidationException'],
  ['/new', 'x', {}, 'ValidationException'],
  ['/a/b', 'x', over({ Tags: [{ Key: 'a', Value: 'b' }] }), 'ValidationException'],
];

describe('Parameter Store of the local runtime: what PutParameter refuses', () => {
  it('has the name that AWS gives the error', async () => {
    const differences = [];
    for (const [name, value, more, error] of REFUSED) {
      const got = await put(name, value, more).then(
        () => 'none',
        (thrown: Error) => thrown.name,
      );
      if (got !== error) differences.push({ name, value, more, error, got });
    }
    expect(differences).toEqual([]);
    expectDocumented('ssm', {
      against: 'errors of the API Reference',
      cases: REFUSED.length,
      differ: differences.length,
    });
  });
});

describe('Parameter Store of the local runtime: tiers', () => {
  it('Intelligent-Tiering makes an advanced parameter where a standard one is too small, and an advanced one stays', async () => {
    expect(await put('/t', 'x', { Type: 'String', Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Standard' });
    const long = 'x'.repeat(4097);
    expect(await put('/t', long, over({ Tier: 'Intelligent-Tiering' }))).toMatchObject({ Tier: 'Advanced' });
    expect(await put('/t', 'x', over())).toMatchObject({ Tier: 'Advanced' });
    await expect(put('/t', 'x', over({ Tier: 'Standard' }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining("can't downgrade"),
    });
  });

  it('a pattern, description and data type stay until they are changed', async () => {
    await put('/p', '12', { Type: 'String', AllowedPattern: '\\d+', Description: 'two digits' });
    await expect(put('/p', 'x', over())).rejects.toMatchObject({ name: 'ParameterPatternMismatchException' });
    await put('/p', '34', over());
    const { Parameters } = await client.send(new DescribeParametersCommand({}));
    expect(Parameters?.[1]).toMatchObject({
      Name: '/p',
      AllowedPattern: '\\d+',
      Description: 'two digits',
      Version: 2,
    });
  });
});

describe('Parameter Store of the local runtime: versions and labels', () => {
  const label = (Labels: string[], ParameterVersion?: number) =>
    client.send(new LabelParameterVersionCommand({ Name: '/a/b', Labels, ParameterVersion }));

  it('a version is found by its number and its labels, which move', async () => {
    await put('/a/b', '2', over());
    await label(['live'], 1);
    expect(await get('/a/b:live')).toMatchObject({ Value: '1', Version: 1, Selector: ':live' });
    const { InvalidLabels, ParameterVersion } = await label(['live', 'aws1', '1st', 'a b']);
    expect({ InvalidLabels, ParameterVersion }).toEqual({ InvalidLabels: ['aws1', '1st', 'a b'], ParameterVersion: 2 });
    expect(await get('/a/b:live')).toMatchObject({ Value: '2', Version: 2 });
    await expect(get('/a/b:other')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
    await expect(label(['x'], 9)).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
    const many = Array.from({ length: 10 }, (_, at) => `l${at}`);
    await expect(label(many, 2)).rejects.toMatchObject({ name: 'ParameterVersionLabelLimitExceeded' });
    const ParameterFilters = [{ Key: 'Label', Values: ['live'] }];
    const below = await client.send(new GetParametersByPathCommand({ Path: '/a', ParameterFilters }));
    expect(below.Parameters?.map(({ Version }) => Version)).toEqual([2]);
    const removal = { Name: '/a/b', ParameterVersion: 2, Labels: ['live', 'none'] };
    expect(await client.send(new UnlabelParameterVersionCommand(removal))).toMatchObject({
      RemovedLabels: ['live'],
      InvalidLabels: ['none'],
    });
  });

  it('the history has every version, page by page', async () => {
    for (const value of ['2', '3']) await put('/a/b', value, over());
    await label(['old'], 1);
    const page = await client.send(new GetParameterHistoryCommand({ Name: '/a/b', MaxResults: 2 }));
    expect(page.Parameters?.map(({ Version, Value, Labels }) => [Version, Value, Labels])).toEqual([
      [1, '1', ['old']],
      [2, '2', []],
    ]);
    const { NextToken } = page;
    const rest = await client.send(new GetParameterHistoryCommand({ Name: '/a/b', MaxResults: 2, NextToken }));
    expect(rest.Parameters?.map(({ Version }) => Version)).toEqual([3]);
    expect(rest.NextToken).toBeUndefined();
  });

  it('the oldest of a hundred versions goes, unless it has a label', async () => {
    for (let version = 2; version <= 101; version += 1) service.put('/a/b', String(version));
    await expect(get('/a/b:1')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
    await label(['kept'], 2);
    await expect(put('/a/b', 'x', over())).rejects.toMatchObject({ name: 'ParameterMaxVersionLimitExceeded' });
  });

  it('deletes several, and names those that are not there', async () => {
    const output = await client.send(new DeleteParametersCommand({ Names: ['/a/b', '/none'] }));
    expect(output).toMatchObject({ DeletedParameters: ['/a/b'], InvalidParameters: ['/none'] });
  });
});

describe('Parameter Store of the local runtime: filters that AWS refuses', () => {
  it.each([
    [[{ Key: 'Label', Values: ['x'] }], 'InvalidFilterKey'],
    [[{ Key: 'Name' }], 'InvalidFilterValue'],
    [[{ Key: 'Name', Option: 'Near', Values: ['x'] }], 'InvalidFilterOption'],
    [[{ Key: 'Path', Values: ['x'] }], 'ValidationException'],
    [[{ Key: 'Colour', Values: ['x'] }], 'ValidationException'],
    [
      [
        { Key: 'Type', Values: ['String'] },
        { Key: 'Type', Values: ['String'] },
      ],
      'InvalidFilterKey',
    ],
  ])('%j is %s', async (ParameterFilters, name) => {
    await expect(client.send(new DescribeParametersCommand({ ParameterFilters }))).rejects.toMatchObject({ name });
  });

  it('a path that does not begin with a slash is no path', async () => {
    await expect(client.send(new GetParametersByPathCommand({ Path: 'a' }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('must begin with a forward slash'),
    });
  });
});
