import { ACMClient, DescribeCertificateCommand } from '@aws-sdk/client-acm';
import { APIGatewayClient, GetApiKeysCommand } from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient, DescribeResourcePoliciesCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetAccountSummaryCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetHostedZoneCommand, ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { checkKeys } from '#operator/account/keys.ts';
import { checkConcurrency, checkLogDelivery, checkRoles } from '#operator/account/limits.ts';
import { checkCertificate, checkZone } from '#operator/account/names.ts';
import { together } from '#operator/account/verdict.ts';

const region = { region: 'eu-west-1' };
const mocks = {
  acm: mockClient(ACMClient),
  gateway: mockClient(APIGatewayClient),
  iam: mockClient(IAMClient),
  lambda: mockClient(LambdaClient),
  logs: mockClient(CloudWatchLogsClient),
  route53: mockClient(Route53Client),
};
beforeEach(() => {
  for (const mock of Object.values(mocks)) mock.reset();
});
afterAll(() => {
  for (const mock of Object.values(mocks)) mock.restore();
});

describe('the zone of the public names (B29)', () => {
  const names = ['api.example.com', 'events.example.com'];
  const zone = (Name = 'example.com.', PrivateZone = false) =>
    mocks.route53.on(GetHostedZoneCommand).resolves({
      HostedZone: { Id: 'Z1', Name, CallerReference: '1', Config: { PrivateZone } },
      DelegationSet: { NameServers: ['ns-1.awsdns-01.org', 'ns-2.awsdns-02.com'] },
    });
  const check = (servers: readonly string[] = ['ns-2.awsdns-02.com.']) =>
    checkZone({ route53: new Route53Client(region), nameServers: async () => servers }, 'Z1', names);
  beforeEach(() => {
    mocks.route53.on(ListResourceRecordSetsCommand).resolves({ ResourceRecordSets: [] });
  });

  it('is right where the DNS asks it and the names are free, or the stage has them', async () => {
    zone();
    expect(await check()).toMatchObject({ outcome: 'ok' });
    const own = { Name: 'api.example.com.', Type: 'A' as const, SetIdentifier: 'primary' };
    mocks.route53.on(ListResourceRecordSetsCommand).resolves({ ResourceRecordSets: [own] });
    expect(await check()).toMatchObject({ outcome: 'ok' });
  });

  it.each([
    [
      'is not there',
      () => mocks.route53.on(GetHostedZoneCommand).rejects(named('NoSuchHostedZone')),
      /no hosted zone Z1/,
    ],
    ['is private', () => zone('example.com.', true), /private zone/],
    [
      'holds other names',
      () => zone('example.org.'),
      /api\.example\.com, events\.example\.com not in the zone example\.org/,
    ],
  ])('fails when it %s', async (_, arrange, found) => {
    arrange();
    expect(await check()).toMatchObject({
      outcome: 'fail',
      found: expect.stringMatching(found),
      fix: expect.any(String),
    });
  });

  it('fails when the DNS asks other name servers, and names those to set', async () => {
    zone();
    expect(await check(['ns1.registrar.example.'])).toMatchObject({
      outcome: 'fail',
      found: expect.stringContaining('the DNS asks ns1.registrar.example for example.com'),
      fix: expect.stringContaining('ns-1.awsdns-01.org'),
    });
  });

  it('fails when a name has a record of somebody else', async () => {
    zone();
    const other = { Name: 'api.example.com.', Type: 'CNAME' as const };
    mocks.route53.on(ListResourceRecordSetsCommand).resolves({ ResourceRecordSets: [other] });
    expect(await check()).toMatchObject({
      outcome: 'fail',
      found: 'api.example.com has a CNAME record of somebody else',
    });
  });
});

describe('a certificate of the public name (B29)', () => {
  const arn = 'arn:aws:acm:eu-west-1:123456789012:certificate/1';
  it.each([
    ['ISSUED', ['api.example.com'], 'ok', /issued in eu-west-1/],
    ['ISSUED', ['example.com', '*.example.com'], 'ok', /issued/],
    ['ISSUED', ['*.com'], 'fail', /not for api\.example\.com/],
    ['PENDING_VALIDATION', ['api.example.com'], 'fail', /is PENDING_VALIDATION/],
  ] as const)('that is %s for %j: %s', async (Status, [DomainName, ...more], outcome, found) => {
    const Certificate = { Status, DomainName, SubjectAlternativeNames: [...more] };
    mocks.acm.on(DescribeCertificateCommand).resolves({ Certificate });
    const verdict = await checkCertificate(new ACMClient(region), arn, 'api.example.com');
    expect(verdict).toMatchObject({ outcome, found: expect.stringMatching(found) });
    expect(Boolean(verdict.fix)).toBe(outcome === 'fail');
  });
});

describe('API keys of an account (B29)', () => {
  it("may not have a value of the stage, unless they are the stage's own", async () => {
    const value = 'v'.repeat(20);
    const values = new Map([['api_key', value]]);
    const check = () => checkKeys(new APIGatewayClient(region), 'eu-west-1', 'app-prod', values);
    mocks.gateway.on(GetApiKeysCommand).resolves({ items: [{ name: 'app-prod-0123abcd', value }] });
    expect(await check()).toMatchObject({ outcome: 'ok' });
    mocks.gateway.on(GetApiKeysCommand).resolves({ items: [{ name: 'app-dev-0123abcd', value }] });
    const verdict = await check();
    expect(verdict).toMatchObject({ outcome: 'fail', found: 'api_key is also the key app-dev-0123abcd in eu-west-1' });
    expect(JSON.stringify(verdict)).not.toContain(value);
  });
});

describe('what an account leaves free (B29)', () => {
  it('is too little concurrency in a new account: a warning, with the page to ask for more', async () => {
    mocks.lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { UnreservedConcurrentExecutions: 10 } });
    expect(await checkConcurrency(new LambdaClient(region), 'eu-west-1', 0)).toMatchObject({
      outcome: 'warn',
      found: expect.stringMatching(/^10 executions at once in eu-west-1/),
      fix: expect.stringContaining('eu-west-1.console.aws.amazon.com/servicequotas'),
    });
  });

  it('is less than what is to be kept for health checks and what Lambda leaves to others: a deploy would fail (F34)', async () => {
    const limit = (ConcurrentExecutions: number) => ({
      AccountLimit: { ConcurrentExecutions, UnreservedConcurrentExecutions: ConcurrentExecutions },
    });
    const check = () => checkConcurrency(new LambdaClient(region), 'eu-west-1', 10);
    mocks.lambda.on(GetAccountSettingsCommand).resolves(limit(10));
    expect(await check()).toMatchObject({ outcome: 'fail', fix: expect.stringContaining('HEALTHCHECK_CONCURRENCY=0') });
    mocks.lambda.on(GetAccountSettingsCommand).resolves(limit(110));
    expect(await check()).toMatchObject({ outcome: 'ok' });
  });

  it('is no room for the roles of a first deploy, while a later one needs none', async () => {
    mocks.iam.on(GetAccountSummaryCommand).resolves({ SummaryMap: { Roles: 995, RolesQuota: 1000 } });
    const iam = new IAMClient(region);
    expect(await checkRoles(iam, true)).toMatchObject({
      outcome: 'fail',
      found: '995 of 1000 roles, a stage needs 16',
    });
    expect(await checkRoles(iam, false)).toMatchObject({ outcome: 'ok' });
  });

  it('is no room for the policy of log delivery among the ten of a region', async () => {
    const policies = (count: number) => Array.from({ length: count }, (_, at) => ({ policyName: `other-${at}` }));
    const check = () => checkLogDelivery(new CloudWatchLogsClient(region), 'eu-west-1');
    mocks.logs.on(DescribeResourcePoliciesCommand).resolves({ resourcePolicies: policies(10) });
    expect(await check()).toMatchObject({ outcome: 'fail', found: expect.stringContaining('room for none') });
    const own = { policyName: 'AWSLogDeliveryWrite20150319', policyDocument: '/aws/vendedlogs/*' };
    mocks.logs.on(DescribeResourcePoliciesCommand).resolves({ resourcePolicies: [...policies(9), own] });
    expect(await check()).toMatchObject({ outcome: 'ok' });
    const full = { ...own, policyDocument: 'x'.repeat(5000) };
    mocks.logs.on(DescribeResourcePoliciesCommand).resolves({ resourcePolicies: [full] });
    expect(await check()).toMatchObject({ outcome: 'fail', found: expect.stringContaining('5000 of 5120') });
  });
});

it('verdicts of both regions are one: the worst counts, and each remedy is given once', () => {
  const ok = { outcome: 'ok', found: 'a' } as const;
  const fail = { outcome: 'fail', found: 'b', fix: 'mend' } as const;
  expect(together([ok, fail, { ...fail, found: 'c' }])).toEqual({ outcome: 'fail', found: 'b; c', fix: 'mend' });
  expect(together([ok, ok])).toEqual({ outcome: 'ok', found: 'a' });
});

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}
