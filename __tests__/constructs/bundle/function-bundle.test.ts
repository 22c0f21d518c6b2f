import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { build } from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import { bundleBuild, bundleFunctions, bundleOptions, storeBundles } from '#constructs/bundle/function-bundle.ts';
import { SOURCE_MAPS, sourceMapOf } from '#constructs/bundle/source-maps.ts';
import { type AwsAnswer, type AwsEndpoint, healthy, startAwsEndpoint } from '#tests/support/aws-endpoint.ts';
import { lambdaContext } from '#tests/support/lambda-context.ts';
import { restEvent } from '#tests/support/rest-event.ts';

const names = ['healthcheck', 'test'] as const;
const run = promisify(execFile);
let endpoint: AwsEndpoint | undefined;

afterEach(async () => {
  await endpoint?.close();
  endpoint = undefined;
});

async function bundleOf(name: string) {
  const bundle = (await bundleFunctions([name])).get(name);
  if (bundle === undefined) throw new Error(`No bundle of ${name}.`);
  return bundle;
}

/** Without a look at what was built before. */
async function bundledAnew(all: readonly string[]) {
  return storeBundles(all, await build(bundleBuild(all)));
}

/** Loads a bundle as Lambda does, in a process of its own, and calls it against an AWS that answers as told. */
async function call(name: string, answer: AwsAnswer) {
  endpoint = await startAwsEndpoint(answer);
  const { path } = await bundleOf(name);
  const script = `
    const [file, event, context] = process.argv.slice(1);
    const { handler } = require(file);
    const ask = () => handler(JSON.parse(event), JSON.parse(context));
    // A busy machine's first call may miss the deadline of a health check.
    const inTime = (result, left) => (left > 0 && JSON.parse(result.body).late?.length > 0 ? ask().then((next) => inTime(next, left - 1)) : result);
    ask().then((first) => inTime(first, 50)).then((result) => console.log(JSON.stringify(result)));`;
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL: endpoint.url,
    STAGE: 'dev',
    REGION_TYPE: 'primary',
    TABLE_A_NAME: 'app-dev-table-a',
    TABLE_B_NAME: 'app-dev-table-b',
    DATA_BUCKET_NAME: 'app-dev-data',
  };
  const argv = [
    join(path, 'index'),
    JSON.stringify(restEvent({ path: `/${name}` })),
    JSON.stringify(lambdaContext(name)),
  ];
  const { stdout, stderr } = await run(process.execPath, ['-e', script, ...argv], { env });
  const { statusCode, body }: APIGatewayProxyResult = JSON.parse(stdout);
  return { statusCode, body: JSON.parse(body), requests: endpoint.requests, stderr };
}

describe('bundleFunctions (S2.3)', () => {
  it('gives equal bytes and paths, however often, at the same time, and beside whichever other function', async () => {
    const [first, second, alone] = await Promise.all([
      bundledAnew(names),
      bundledAnew([...names].reverse()),
      bundledAnew(['test']),
    ]);
    expect(await bundleFunctions(names)).toEqual(first);
    for (const name of names) expect(second.get(name)).toEqual(first.get(name));
    expect(alone.get('test')).toEqual(first.get('test'));
    expect(first.get('test')?.sha256).not.toBe(first.get('healthcheck')?.sha256);
  });

  it.each(names)('leaves a folder named by the content of its only file: %s', async (name) => {
    const { path, sha256, bytes } = await bundleOf(name);
    const content = await readFile(join(path, 'index.js'));
    expect(await readdir(path)).toEqual(['index.js']);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    expect(path.endsWith(sha256)).toBe(true);
    expect(content.byteLength).toBe(bytes);
  });

  it('keeps the newest source map of a bundle: a line more of comment moves positions, and no byte of the bundle (B14)', async () => {
    const output = (file: string, text: string) => ({
      path: join(SOURCE_MAPS, file),
      contents: Buffer.from(text),
      hash: '',
      text,
    });
    for (const map of ['{"mappings":"AAAA"}', '{"mappings":"AACA"}']) {
      const outputFiles = [output('mapped.js', '//'), output('mapped.js.map', map)];
      const stored = await storeBundles(['mapped'], { outputFiles, metafile: { inputs: {}, outputs: {} } });
      expect(await readFile(sourceMapOf(stored.get('mapped')?.sha256 ?? ''), 'utf8')).toBe(map);
    }
  });

  it('tells of each function which files it is made of, though all are built together (B14)', async () => {
    const together = await bundleFunctions(['test', 'user']);
    const ownOf = (name: string) => together.get(name)?.inputs.filter((file) => /^functions\/(test|user)\//.test(file));
    expect(ownOf('test')).toContain('functions/test/handler.ts');
    expect(ownOf('user')).toEqual(
      expect.arrayContaining(['functions/user/handler.ts', 'functions/user/write-user.ts']),
    );
    expect(ownOf('user')).not.toContain('functions/test/handler.ts');
    expect(together.get('user')?.inputs.some((file) => file.includes('node_modules/@aws-sdk/'))).toBe(true);
  });

  it('names the file of a function that has no handler', async () => {
    await expect(bundleFunctions(['test', 'absent'])).rejects.toThrow('./functions/absent/handler.ts');
  });
});

describe('a bundle', () => {
  it.each(names)('of %s is at most 400 kB, with neither zod nor credential sources that Lambda lacks', async (name) => {
    const { metafile } = await build({
      ...bundleOptions,
      entryPoints: [`./functions/${name}/handler.ts`],
      outfile: 'index.js',
      write: false,
      metafile: true,
    });
    const [output] = Object.values(metafile.outputs);
    const inputs = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
    const packages = new Set(inputs.map(([file]) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]));
    expect(output?.bytes).toBeLessThanOrEqual(400_000);
    expect(packages).toContain('@aws-sdk/client-dynamodb');
    expect(packages).toContain('@aws-sdk/credential-provider-env');
    expect(packages).not.toContain('zod');
    expect(packages).not.toContain('@aws-sdk/credential-provider-ini');
    expect(packages).not.toContain('@smithy/credential-provider-imds');
  });

  it('writes to DynamoDB and S3 as the SDK in node_modules does', async () => {
    const { statusCode, body, requests } = await call('test', healthy);
    expect(statusCode).toBe(200);
    const items = requests.filter(({ target }) => target === 'DynamoDB_20120810.PutItem');
    expect(items.map((request) => JSON.parse(request.body).Item.id.S).sort()).toEqual(
      [body.written['table-a'], body.written['table-b']].sort(),
    );
    const objects = requests.filter(({ target }) => target === '');
    expect(objects.map(({ method, path }) => [method, path.split('?')[0]])).toEqual([
      ['PUT', `/app-dev-data/${body.written.bucket}`],
    ]);
  });

  it("recognizes the services' errors", async () => {
    const { statusCode, body, stderr } = await call('healthcheck', ({ target }) =>
      target
        ? {
            status: 400,
            body: '{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"gone"}',
          }
        : { status: 404 },
    );
    expect(statusCode).toBe(503);
    expect(body.failing).toEqual(['bucket', 'table-a', 'table-b']);
    const logged = stderr.split('\n').filter((line) => line.startsWith('{'));
    const causes = logged.map((line) => JSON.parse(line)).map(({ dependency, error }) => [dependency, error.name]);
    expect(Object.fromEntries(causes)).toEqual({
      bucket: 'NotFound',
      'table-a': 'ResourceNotFoundException',
      'table-b': 'ResourceNotFoundException',
    });
  });
});
