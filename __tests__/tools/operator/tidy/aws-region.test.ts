import {
  APIGatewayClient,
  DeleteDeploymentCommand,
  GetDeploymentsCommand,
  GetRestApisCommand,
  GetStagesCommand,
} from '@aws-sdk/client-api-gateway';
import {
  ApiGatewayV2Client,
  GetApisCommand,
  GetDeploymentsCommand as GetHttpDeploymentsCommand,
  GetStagesCommand as GetHttpStagesCommand,
} from '@aws-sdk/client-apigatewayv2';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteFunctionCommand,
  GetAccountSettingsCommand,
  LambdaClient,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { awsTidyRegion } from '#operator/tidy/aws-region.ts';
import { context } from '#tests/tools/operator/live/faked-live.ts';

const lambda = mockClient(LambdaClient);
const s3 = mockClient(S3Client);
const rest = mockClient(APIGatewayClient);
const http = mockClient(ApiGatewayV2Client);
const logs = mockClient(CloudWatchLogsClient);
const gone = new ResourceNotFoundException({ message: 'gone', $metadata: {}, Type: 'User' });
const made = new Date('2026-01-01T00:00:00Z');

const mocks = [lambda, s3, rest, http, logs];
afterAll(() => {
  for (const mock of mocks) mock.restore();
});
beforeEach(() => {
  for (const mock of mocks) mock.reset();
  rest.on(GetRestApisCommand).resolves({ items: [{ id: 'r', name: 'two-region-api-dev' }] });
  rest.on(GetStagesCommand).resolves({ item: [] });
  rest.on(GetDeploymentsCommand).resolves({});
  http.on(GetApisCommand).resolves({
    Items: [{ ApiId: 'h', Name: 'two-region-api-dev', ProtocolType: 'HTTP', RouteSelectionExpression: '' }],
  });
  http.on(GetHttpStagesCommand).resolves({});
  logs.on(DescribeLogGroupsCommand).resolves({});
  lambda.on(GetAccountSettingsCommand).rejects(new Error('not served'));
  lambda.on(ListVersionsByFunctionCommand).rejects(gone);
});

const inventory = (functions: readonly string[] = [], buckets: readonly string[] = []) =>
  awsTidyRegion(context, 'primary').inventory(functions, ['envA'], buckets);

describe('what piles up in a region of AWS (B20)', () => {
  it('are versions of functions with what their aliases lead to, also in part; a function that is gone has none', async () => {
    const FunctionName = 'two-region-api-dev-user';
    lambda.on(ListVersionsByFunctionCommand, { FunctionName }).resolvesOnce({ NextMarker: 'more' });
    lambda.on(ListVersionsByFunctionCommand, { FunctionName, Marker: 'more' }).resolves({
      Versions: [{ Version: '3', CodeSize: 7, LastModified: made.toISOString() }],
    });
    lambda.on(ListAliasesCommand).resolves({
      Aliases: [{ FunctionVersion: '3', RoutingConfig: { AdditionalVersionWeights: { '2': 0.1 } } }],
    });
    lambda
      .on(GetAccountSettingsCommand)
      .resolves({ AccountUsage: { TotalCodeSize: 7 }, AccountLimit: { TotalCodeSize: 75 } });
    const { functions, storage } = await inventory(['user', 'test']);
    expect(functions).toEqual([
      { name: FunctionName, function: 'user', versions: [{ version: '3', bytes: 7, made }], aliased: ['3', '2'] },
    ]);
    expect(storage).toEqual({ used: 7, limit: 75 });
  });

  it('are versions of packages, page by page', async () => {
    s3.on(ListObjectVersionsCommand).resolvesOnce({
      Versions: [{ Key: 'functions/user.zip', VersionId: '1', Size: 5, LastModified: made, IsLatest: false }],
      IsTruncated: true,
      NextKeyMarker: 'functions/user.zip',
      NextVersionIdMarker: '1',
    });
    s3.on(ListObjectVersionsCommand, { KeyMarker: 'functions/user.zip', VersionIdMarker: '1' }).resolves({
      Versions: [{ Key: 'functions/user.zip', VersionId: '2', Size: 6, LastModified: made, IsLatest: true }],
    });
    const { packages } = await inventory([], ['packages']);
    expect(packages.map(({ versionId, bytes, isLatest }) => [versionId, bytes, isLatest])).toEqual([
      ['1', 5, false],
      ['2', 6, true],
    ]);
  });

  it('are deployments with what gateway stages serve, canaries too', async () => {
    rest.on(GetStagesCommand).resolves({ item: [{ deploymentId: 'a', canarySettings: { deploymentId: 'b' } }] });
    rest.on(GetDeploymentsCommand).resolves({ items: [{ id: 'a', createdDate: made }] });
    http.on(GetHttpStagesCommand).resolves({ Items: [{ StageName: 'envA', DeploymentId: 'x' }] });
    http.on(GetHttpDeploymentsCommand).resolves({ Items: [{ DeploymentId: 'x', CreatedDate: made }] });
    expect((await inventory()).apis).toEqual([
      { kind: 'rest', id: 'r', deployments: [{ id: 'a', made }], served: ['a', 'b'] },
      { kind: 'http', id: 'h', deployments: [{ id: 'x', made }], served: ['x'] },
    ]);
  });

  it('are deployments and stages of the HTTP API to their last page, of whatever length AWS makes the pages', async () => {
    http.on(GetHttpStagesCommand).resolves({ Items: [{ StageName: 'envA', DeploymentId: 'x' }], NextToken: 'more' });
    http
      .on(GetHttpStagesCommand, { NextToken: 'more' })
      .resolves({ Items: [{ StageName: 'envB', DeploymentId: 'y' }] });
    http
      .on(GetHttpDeploymentsCommand)
      .resolves({ Items: [{ DeploymentId: 'x', CreatedDate: made }], NextToken: 'more' });
    http
      .on(GetHttpDeploymentsCommand, { NextToken: 'more' })
      .resolves({ Items: [{ DeploymentId: 'y', CreatedDate: made }] });
    const deployments = ['x', 'y'].map((id) => ({ id, made }));
    expect((await inventory()).apis).toContainEqual({ kind: 'http', id: 'h', deployments, served: ['x', 'y'] });
    const asked = [...http.commandCalls(GetHttpStagesCommand), ...http.commandCalls(GetHttpDeploymentsCommand)];
    expect(asked.map(({ args: [{ input }] }) => 'MaxResults' in input)).toEqual([false, false, false, false]);
  });

  it("are log groups of what is gone, with the stage's tags: another application's name may begin alike", async () => {
    const group = (name: string) => ({
      logGroupName: name,
      arn: `arn:logs:${name}:*`,
      storedBytes: 9,
      creationTime: 1,
    });
    logs.on(DescribeLogGroupsCommand, { logGroupNamePrefix: '/aws/lambda/two-region-api-dev-' }).resolves({
      logGroups: ['user', 'retired', 'x-of-another'].map((name) => group(`/aws/lambda/two-region-api-dev-${name}`)),
    });
    logs.on(ListTagsForResourceCommand).resolves({ tags: { app: 'two-region-api-dev', stage: 'x' } });
    logs
      .on(ListTagsForResourceCommand, { resourceArn: 'arn:logs:/aws/lambda/two-region-api-dev-retired' })
      .resolves({ tags: { app: 'two-region-api', stage: 'dev' } });
    logs.on(DescribeLogStreamsCommand).resolves({ logStreams: [{ lastEventTimestamp: made.getTime() }] });
    expect((await inventory(['user'])).logGroups).toEqual([
      { name: '/aws/lambda/two-region-api-dev-retired', bytes: 9, written: made },
    ]);
  });
});

describe('removing it', () => {
  const { remove } = awsTidyRegion(context, 'primary');
  const of = { bytes: 1, made };

  it('names the version, never the function nor the object alone', async () => {
    lambda.on(DeleteFunctionCommand).resolves({});
    s3.on(DeleteObjectCommand).resolves({});
    await remove({ ...of, kind: 'version', name: 'f', version: '3' });
    expect(lambda.commandCalls(DeleteFunctionCommand)[0]?.args[0].input).toEqual({ FunctionName: 'f', Qualifier: '3' });
    await remove({ ...of, kind: 'package', bucket: 'b', key: 'k', versionId: 'v' });
    expect(s3.commandCalls(DeleteObjectCommand)[0]?.args[0].input).toEqual({ Bucket: 'b', Key: 'k', VersionId: 'v' });
    await expect(remove({ ...of, kind: 'version', name: 'f', version: '' })).rejects.toThrow('no published version');
    await expect(remove({ ...of, kind: 'version', name: 'f', version: '$LATEST' })).rejects.toThrow('no published');
    await expect(remove({ ...of, kind: 'package', bucket: 'b', key: 'k', versionId: '' })).rejects.toThrow(
      'no version',
    );
    expect(lambda.commandCalls(DeleteFunctionCommand)).toHaveLength(1);
  });

  it('passes on what AWS refuses, and takes what is gone as removed', async () => {
    lambda.on(DeleteFunctionCommand).rejects(gone);
    await remove({ ...of, kind: 'version', name: 'f', version: '3' });
    rest
      .on(DeleteDeploymentCommand)
      .rejects(new Error('Active stages pointing to this deployment must be moved or deleted'));
    const served = remove({ ...of, kind: 'deployment', api: 'rest', apiId: 'r', id: 'a' });
    await expect(served).rejects.toThrow('Active stages');
  });
});
