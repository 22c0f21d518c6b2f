import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startUnserved } from '#local/aws-endpoint/unserved.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { HttpService } from '#local/http/listen.ts';
import { startHandler } from '#tests/tools/local/lambda/lambda-fixture.ts';

const require = createRequire(import.meta.url);
const log = new RuntimeLog();
let unserved: HttpService;
beforeAll(async () => {
  unserved = await startUnserved({ region: 'eu-central-1', served: ['dynamodb', 's3', 'ssm'], log });
});
afterAll(() => unserved.close());

const failure = z.object({ name: z.string(), message: z.string(), status: z.number().optional() });

/** Runs the code of its event, and answers what it throws. */
const SOURCE = `
  const AsyncFunction = (async () => {}).constructor;
  exports.handler = async ({ code }) => {
    try { await new AsyncFunction('require', code)(require); return { name: 'none', message: '' }; }
    catch (thrown) {
      const error = thrown.cause ?? thrown;
      return { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode };
    }
  };`;

function startFunction() {
  const endpointEnvironment = { AWS_ENDPOINT_URL: unserved.url, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' };
  const { invoke, log: functionLog } = startHandler(SOURCE, {}, { endpointEnvironment });
  return {
    within: async (code: string) => {
      const result = await invoke({ code });
      return failure.parse(result.ok ? result.payload : { name: 'failed', message: JSON.stringify(result) });
    },
    warnings: () => warningsOf(functionLog),
  };
}

const warningsOf = (of: RuntimeLog) =>
  of.query(() => true).flatMap((event) => (event.kind === 'warning' ? event.message : []));

/** A client of the SDK, with the packages of this project, as a function's bundle would hold it. */
const client = (name: string, className: string, command: string) => `
  const sdk = require(${JSON.stringify(require.resolve(`@aws-sdk/client-${name}`))});
  await new sdk.${className}().send(new sdk.${command}({}));`;

const CLIENTS: readonly (readonly [service: string, operation: string, code: string])[] = [
  ['sts', 'GetCallerIdentity', client('sts', 'STSClient', 'GetCallerIdentityCommand')],
  ['iam', 'ListRoles', client('iam', 'IAMClient', 'ListRolesCommand')],
  ['lambda', 'GET /2015-03-31/functions', client('lambda', 'LambdaClient', 'ListFunctionsCommand')],
  ['logs', 'DescribeLogGroups', client('cloudwatch-logs', 'CloudWatchLogsClient', 'DescribeLogGroupsCommand')],
  ['monitoring', 'ListMetrics', client('cloudwatch', 'CloudWatchClient', 'ListMetricsCommand')],
  ['route53', 'GET /2013-04-01/hostedzone', client('route-53', 'Route53Client', 'ListHostedZonesCommand')],
  ['apigateway', 'GET /restapis', client('api-gateway', 'APIGatewayClient', 'GetRestApisCommand')],
  ['apigateway', 'GET /v2/apis', client('apigatewayv2', 'ApiGatewayV2Client', 'GetApisCommand')],
  ['acm', 'ListCertificates', client('acm', 'ACMClient', 'ListCertificatesCommand')],
];

const SQS = 'sqs.eu-central-1.amazonaws.com';
const listened = (call: string) => `await new Promise((ok, no) => ${call}.on('error', no));`;

const CONNECTIONS: readonly (readonly [what: string, host: string, code: string])[] = [
  ['https, as aws-sdk 2 makes it', SQS, listened(`require('https').get('https://${SQS}/', ok)`)],
  ['http', SQS, listened(`require('http').get('http://${SQS.toUpperCase()}./', ok)`)],
  ['fetch', 's3.cn-north-1.amazonaws.com.cn', `await fetch('https://s3.cn-north-1.amazonaws.com.cn/');`],
  [
    'http2',
    'x.lambda-url.eu-west-1.on.aws',
    listened(`require('http2').connect('https://x.lambda-url.eu-west-1.on.aws')`),
  ],
  ['tls', 'sns.eu-west-1.api.aws', listened(`require('tls').connect(443, 'sns.eu-west-1.api.aws')`)],
  ['net', SQS, listened(`require('net').connect({ host: '${SQS}', port: 443 })`)],
  ['a look-up', SQS, `await new Promise((ok, no) => require('dns').lookup('${SQS}', (error) => no(error)));`],
  ['a look-up that promises', SQS, `await require('dns/promises').resolve4('${SQS}');`],
  ['an imported look-up', SQS, `const { lookup } = await import('node:dns/promises'); await lookup('${SQS}');`],
  ['a resolver of its own', SQS, `await new (require('dns').promises.Resolver)().resolve4('${SQS}');`],
  ['instance metadata', '169.254.169.254', `await fetch('http://169.254.169.254/latest/meta-data/');`],
  ['instance metadata, IPv6', 'fd00:ec2::254', listened(`require('http').get('http://[fd00:ec2::254]/', ok)`)],
  [
    'a worker thread',
    SQS,
    `const code = "require('net').connect(443, '${SQS}').on('error', (error) => { throw error; })";
     ${listened(`new (require('worker_threads').Worker)(code, { eval: true })`)}`,
  ],
];

describe("a function's calls of services that are not served", () => {
  it("are told so in each client's own protocol, with service and operation, and logged", async () => {
    const { within } = startFunction();
    const results = [];
    for (const [, , code] of CLIENTS) results.push(await within(code));
    expect(results.map(({ name, status }) => [name, status])).toEqual(CLIENTS.map(() => ['NotImplemented', 501]));
    const sentences = CLIENTS.map(
      ([service, operation]) =>
        `The local runtime doesn't serve ${service}: ${operation} was called in eu-central-1. Served are dynamodb, s3, ssm.`,
    );
    expect(results.map(({ message }) => message.replace(/ A fake of your own.*/, ''))).toEqual(sentences);
    expect(warningsOf(log)).toEqual(sentences);
  });
});

describe("a function's other connections that name AWS", () => {
  it('are refused by name, whatever makes them, and logged', async () => {
    const { within, warnings } = startFunction();
    const refused = [];
    for (const [what, , code] of CONNECTIONS) refused.push([what, (await within(code)).message.split(':', 1)[0]]);
    const isIpv6 = (host: string) => host.includes(':');
    const said = (host: string) => `Connection to ${isIpv6(host) ? 'fd00' : `${host} refused`}`;
    expect(refused).toEqual(CONNECTIONS.map(([what, host]) => [what, said(host)]));
    // A worker has no way to the log.
    const told = warnings().map((message) => /Connection to (\S+) refused/.exec(message)?.[1]);
    expect(new Set(told)).toEqual(new Set(CONNECTIONS.map(([, host]) => host)));
    expect(warnings()[0]).toMatch(/^example \(request [\w-]+\): .* Served locally are dynamodb\./);
  });

  it('those to this machine are not, with or without a prefix before the host', async () => {
    const { within } = startFunction();
    const url = JSON.stringify(unserved.url);
    const code = `
      const response = await fetch(${url}); if (response.status !== 501) throw new Error(String(response.status));
      const port = new URL(${url}).port;
      ${listened(`require('http').get({ host: 'sync-127.0.0.1', port }, (got) => ok(got.resume()))`)}`;
    expect(await within(code)).toEqual({ name: 'none', message: '' });
  });
});
