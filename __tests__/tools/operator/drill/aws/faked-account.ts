import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DeleteRolePolicyCommand, IAMClient, NoSuchEntityException, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { vi } from 'vitest';
import { operations } from '#contract/index.ts';
import { ROUTE_KEY, writeRoute } from '#contract/route-document.ts';
import { s3Route } from '#functions/adapters/s3-route.ts';
import { startS3 } from '#local/s3/s3.ts';
import { inRegion, type RegionType } from '#stacks/context.ts';
import { bucketName, parameterPath, ROUTE_BUCKET } from '#stacks/naming.ts';
import { stateLocation } from '#stacks/terraform/state-location.ts';
import { clientSettings, recordingAuthorize } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const ACCOUNT = '123456789012';
const BOTH: readonly RegionType[] = ['primary', 'secondary'];

const PARAMETERS = new Map([
  ['domain_name', 'api.example.com'],
  ['events_domain_name', 'events.example.com'],
  ['api_key', 'a-key-of-this-test'],
]);

/**
 * An account with a stage, as the command itself asks it: S3 is that of the local runtime, which keeps its rules; what else of AWS is asked
 * is answered here, and so are the stage's names, which serve operations of the contract.
 */
export async function startAccount() {
  const { authorize } = recordingAuthorize();
  const routeBucket = (regionType: RegionType) => bucketName(inRegion(context, regionType), ROUTE_BUCKET, ACCOUNT);
  const states = BOTH.map((regionType) => stateLocation(context, regionType));
  const shared = { region: context.settings.primaryRegion, authorize };
  const buckets = [...states.map(({ bucket }) => bucket), ...BOTH.map(routeBucket)];
  const s3Service = await startS3({ ...shared, buckets: buckets.map((name) => ({ name, versioned: true })) });
  vi.stubEnv('AWS_ENDPOINT_URL_S3', s3Service.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const s3 = new S3Client(clientSettings(s3Service.url));
  const write = async (regionType: RegionType, route: 'away' | 'home') => {
    const Body = writeRoute({ route });
    await s3.send(new PutObjectCommand({ Bucket: routeBucket(regionType), Key: ROUTE_KEY, Body }));
  };
  await Promise.all(BOTH.map((each) => write(each, 'home')));
  const account = {
    /** Role → its inline policy of a drill. */
    policies: new Map<string, string>(),
    alarms: [] as MetricAlarm[],
    /** What CloudWatch answers with. */
    alarmFailure: undefined as Error | undefined,
    /** AWS region that it does so in. */
    failingIn: '',
    /** Of IAM, when something was broken, and the response was lost. */
    inflictFailure: undefined as Error | undefined,
    /** Of IAM, when something is taken back. */
    restoreFailure: undefined as Error | undefined,
    /** How many parameters were asked for at the same time, at the most. */
    mostAskedAtOnce: 0,
    /** Where a region says whether traffic keeps away from the other one. */
    says: async (regionType: RegionType) => (await s3Route(s3, routeBucket(regionType)).read()).document?.route,
    leave: () => write('secondary', 'away'),
    close: async () => {
      vi.unstubAllEnvs();
      vi.unstubAllGlobals();
      for (const each of mocks) each.restore();
      s3.destroy();
      await s3Service.close();
    },
  };
  // A lock table in each region.
  const dynamoDb = mockClient(DynamoDBClient);
  const locks = new Map<string, Record<string, AttributeValue>>();
  const nameOf = async (region: unknown) => (typeof region === 'function' ? String(await region()) : String(region));
  dynamoDb
    .on(GetItemCommand)
    .callsFake(async (_, client) => ({ Item: locks.get(await nameOf(client().config.region)) }));
  dynamoDb.on(PutItemCommand).callsFake(async ({ Item }, client) => {
    locks.set(await nameOf(client().config.region), Item);
    return {};
  });
  dynamoDb.on(DeleteItemCommand).callsFake(async (_, client) => {
    locks.delete(await nameOf(client().config.region));
    return {};
  });
  const cloudWatch = mockClient(CloudWatchClient);
  cloudWatch.on(DescribeAlarmsCommand).callsFake(async (_, client) => {
    if (account.alarmFailure && (await nameOf(client().config.region)) === account.failingIn)
      throw account.alarmFailure;
    return { MetricAlarms: account.alarms };
  });
  const iam = mockClient(IAMClient);
  iam.on(PutRolePolicyCommand).callsFake(({ RoleName, PolicyDocument }) => {
    account.policies.set(RoleName, PolicyDocument);
    if (account.inflictFailure) throw account.inflictFailure;
    return {};
  });
  iam.on(DeleteRolePolicyCommand).callsFake(({ RoleName }) => {
    if (account.restoreFailure) throw account.restoreFailure;
    if (!account.policies.delete(RoleName)) throw new NoSuchEntityException({ message: 'none', $metadata: {} });
    return {};
  });
  const lambda = mockClient(LambdaClient);
  lambda.on(GetFunctionConfigurationCommand).resolves({
    Role: `arn:aws:iam::${ACCOUNT}:role/the-role`,
    Environment: {
      Variables: { USER_TABLE_NAME: 'user', EVENTS_TABLE_NAME: 'events', FACTS_TABLE_NAME: 'facts', TABLE_NAME: 'a' },
    },
  });
  const ssm = mockClient(SSMClient);
  let askedNow = 0;
  ssm.on(GetParameterCommand).callsFake(async ({ Name }: { Name: string }) => {
    account.mostAskedAtOnce = Math.max(account.mostAskedAtOnce, ++askedNow);
    await new Promise(setImmediate);
    askedNow--;
    const found = [...PARAMETERS].find(([name]) => parameterPath(context, name) === Name);
    return { Parameter: { Value: found?.[1] ?? '' } };
  });
  ssm.on(GetParametersByPathCommand).callsFake(() => ({
    Parameters: [...PARAMETERS].map(([name, Value]) => ({ Name: parameterPath(context, name), Value })),
  }));
  const sts = mockClient(STSClient);
  sts.on(GetCallerIdentityCommand).resolves({ Account: ACCOUNT, Arn: 'arn:aws:iam::123456789012:user/ada' });
  const mocks = [dynamoDb, cloudWatch, iam, lambda, ssm, sts];
  vi.stubGlobal('fetch', serving(account));
  return account;
}

export type FakedAccount = Awaited<ReturnType<typeof startAccount>>;

/** What the stage's names serve: what is written is read, and all else is answered as its example says. */
function serving(account: Pick<FakedAccount, 'policies' | 'says'>): typeof fetch {
  const kept = new Map<string, unknown>();
  const lists = new Map<string, unknown[]>();
  return async (input, init) => {
    const isDenied = account.policies.size > 0;
    const request = new Request(input, init);
    const { hostname, pathname } = new URL(request.url);
    const { primaryRegion, secondaryRegion } = context.settings;
    const own = [primaryRegion, secondaryRegion].find((region) => hostname.startsWith(`${region}.`));
    const region = own ?? ((await account.says('secondary')) === 'away' ? secondaryRegion : primaryRegion);
    if (pathname.endsWith('/healthcheck')) return Response.json({ status: 'ok', region });
    const operation = operations.find(
      ({ method, path }) =>
        method === request.method && new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(pathname),
    );
    const example = operation?.examples.find(({ status }) => status < 300) ?? operation?.examples[0];
    if (!operation || !example) return Response.json({}, { status: 404 });
    const isRead = request.method === 'GET';
    const isNamed = example.pathParameters !== undefined;
    if (isDenied && region === primaryRegion) return Response.json({}, { status: 500 });
    if (!isRead) {
      const body: unknown = JSON.parse((await request.text()) || '{}');
      if (isNamed) kept.set(pathname, { ...Object(body), id: decodeURIComponent(pathname.split('/').at(-1) ?? '') });
      else lists.set(pathname, [...(lists.get(pathname) ?? []), body]);
      return Response.json(isNamed ? kept.get(pathname) : body, { status: example.status });
    }
    if (isNamed) {
      const found = kept.get(pathname);
      return found === undefined ? Response.json({}, { status: 404 }) : Response.json(found);
    }
    return lists.has(pathname)
      ? Response.json({ Items: lists.get(pathname) })
      : Response.json({}, { status: example.status });
  };
}
