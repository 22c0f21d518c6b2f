import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { bundleFunctions, bundleOptions } from '#constructs/bundle/function-bundle.ts';
import { operations } from '#contract/index.ts';
import { type AwsAnswer, healthy, startAwsEndpoint } from '#tests/support/aws-endpoint.ts';
import { httpEvent } from '#tests/support/http-event.ts';
import { lambdaContext } from '#tests/support/lambda-context.ts';
import { restEvent } from '#tests/support/rest-event.ts';

/*
 * Size of each handler's bundle, and how long a fresh process takes to import it and answer the first request (the deep one: SDK clients
 * and all, against an endpoint on loopback), beside the same handler with its packages left in node_modules. Medians; both in one run.
 */

const processes = 11;
const run = promisify(execFile);
const firstCallScript = fileURLToPath(new URL('first-call.mjs', import.meta.url));
const unbundledFolder = fileURLToPath(new URL('../node_modules/.cache/two-region-api/bench', import.meta.url));

interface FirstCall {
  readonly result: { readonly statusCode?: number };
  readonly importMs: number;
  readonly totalMs: number;
}

/** A Parameter Store with an empty map; everything else is well. */
const answer: AwsAnswer = (request) =>
  request.target === 'AmazonSSM.GetParameter'
    ? { status: 200, body: JSON.stringify({ Parameter: { Value: '{}' } }) }
    : healthy(request);

/** The first example of an operation, as its gateway hands it to the function. Writes come before reads, which would find nothing. */
function eventFor(name: string): object {
  const served = operations.filter((operation) => operation.function === name);
  const { api, integration, method, path, examples } =
    served.find((operation) => operation.method === 'POST') ?? served[0] ?? {};
  const { pathParameters, body } = examples?.[0] ?? {};
  const sent = { method, path, ...(body !== undefined && { body: JSON.stringify(body) }) };
  if (api === 'http') return httpEvent(sent);
  if (integration === 'proxy') return restEvent(sent);
  return {
    _method: method,
    stage: 'envA',
    requestId: 'request',
    ...pathParameters,
    ...(typeof body === 'object' && body),
  };
}

/** Every variable that a function reads, holding something. */
function environmentOf(name: string): Record<string, string> {
  const names = operations
    .filter((operation) => operation.function === name)
    .flatMap(({ access }) => Object.keys(access));
  return { ...Object.fromEntries(names.map((variable) => [variable, 'bench'])), REGION_TYPE: 'primary' };
}

async function firstCall(file: string, name: string, endpoint: string): Promise<FirstCall> {
  const { stdout } = await run(
    process.execPath,
    [firstCallScript, file, JSON.stringify(eventFor(name)), JSON.stringify(lambdaContext(name))],
    {
      env: {
        PATH: process.env.PATH,
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL: endpoint,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        ...environmentOf(name),
      },
    },
  );
  const call: FirstCall = JSON.parse(stdout);
  const { statusCode = 200 } = call.result;
  if (statusCode !== 200) throw new Error(`The function ${name} answered ${statusCode}, expected 200.`);
  return call;
}

/** The same source, transpiled alike, that requires its packages. */
async function unbundled(name: string): Promise<string> {
  const outfile = `${unbundledFolder}/${name}.js`;
  await build({
    ...bundleOptions,
    plugins: [],
    packages: 'external',
    entryPoints: [`./functions/${name}/handler.ts`],
    outfile,
  });
  return outfile;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function row(...cells: readonly string[]): void {
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(14) : cell.padStart(22))).join(''));
}

const ms = (calls: readonly FirstCall[]) =>
  `${median(calls.map((call) => call.totalMs)).toFixed(0)} ms (import ${median(calls.map((call) => call.importMs)).toFixed(0)})`;

const names = [...new Set(operations.map((operation) => operation.function))];
const bundles = await bundleFunctions(names);
const endpoint = await startAwsEndpoint(answer);

console.log(`Import + first call, median of ${processes} fresh processes each, Node ${process.version}\n`);
row('function', 'bundle', 'bundled', 'unbundled', 'ratio');
for (const { name, path, bytes } of bundles.values()) {
  const files = { bundled: `${path}/index.js`, unbundled: await unbundled(name) };
  const calls: Record<keyof typeof files, FirstCall[]> = { bundled: [], unbundled: [] };
  // The first round only fills the file system's cache. Variants take turns, so that a busy machine slows both.
  for (let round = 0; round <= processes; round++) {
    for (const variant of ['bundled', 'unbundled'] as const) {
      const call = await firstCall(files[variant], name, endpoint.url);
      if (round > 0) calls[variant].push(call);
    }
  }
  const totals = {
    bundled: calls.bundled.map((call) => call.totalMs),
    unbundled: calls.unbundled.map((call) => call.totalMs),
  };
  const ratio = median(totals.bundled) / median(totals.unbundled);
  row(name, `${(bytes / 1000).toFixed(0)} kB`, ms(calls.bundled), ms(calls.unbundled), `${ratio.toFixed(2)}×`);
}
await endpoint.close();
