import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';
import { bundleFunctions, type FunctionBundle } from '#constructs/bundle/function-bundle.ts';
import { operations } from '#contract/index.ts';
import type { Operation } from '#contract/operation.ts';
import type { Synthesis } from '#local/runtime/load-model.ts';
import type { StageContext } from '#stacks/context.ts';
import { storedItems } from '#stacks/data.ts';
import { createStageApp } from '#stacks/stage-app.ts';
import { withoutTraces } from '#stacks/synthesize.ts';

/**
 * The contract with everything changed at once that a release may change: the function `test` is called `probe`, and writes to a table with
 * another key, `table-c`; the variable of `table-b` is gone, and the table with it; `get-user` is called `read-user`; `post-user` has a function
 * of its own, takes fewer bodies and reads fewer users; `list-events` needs no signature; `post-event` is gone; the health check may no longer
 * list the bucket.
 */
function otherOperations(): readonly Operation[] {
  return operations.flatMap((operation): readonly Operation[] => {
    switch (operation.id) {
      case 'post-event':
        return [];
      case 'test':
        return [{ ...operation, function: 'probe', access: without(operation.access, 'TABLE_B_NAME') }];
      case 'get-user':
        return [{ ...operation, id: 'read-user' }];
      case 'post-user':
        return [{ ...operation, function: 'user-writer', request: { ...operation.request, body: TIGHTER } }];
      case 'healthcheck':
        return [
          {
            ...operation,
            memoryMb: 512,
            timeoutSeconds: 20,
            access: without(without(operation.access, 'TABLE_B_NAME'), 'DATA_BUCKET_NAME'),
          },
        ];
      case 'list-events':
        return [{ ...operation, auth: 'open' }];
      default:
        return [operation];
    }
  });
}

const TIGHTER = z.object({ name: z.string().min(2).max(10) });
const TIGHTER_USER = z.object({ id: z.string(), name: z.string().max(10) });

const TABLES = {
  user: { partitionKey: 'id' },
  'preview-user': { partitionKey: 'id' },
  'event-log': { partitionKey: 'date', sortKey: 'time' },
  'preview-event-log': { partitionKey: 'date', sortKey: 'time' },
  'table-c': { partitionKey: 'owner', sortKey: 'number' },
};

/** The health check, and `probe`: it writes to its table and says where it runs. */
const PROBE = `
  import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
  const client = new DynamoDBClient({});
  export async function handler(event) {
    const Item = { owner: { S: event.requestContext.requestId }, number: { S: '1' } };
    await client.send(new PutItemCommand({ TableName: process.env.TABLE_A_NAME, Item }));
    const { env } = { env: event.requestContext.stage };
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ env, release: 'other' }) };
  }`;
const HEALTHY = `
  export async function handler(event) {
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ status: 'healthy', env: event.requestContext.stage, release: 'other' }) };
  }`;

/** Synthesizes the other release for the local runtime. @param folder - of bundles that are made for it */
export async function synthesizeOtherRelease(
  context: StageContext,
  started: Synthesis,
  { outdir, folder }: { readonly outdir: string; readonly folder: string },
): Promise<Synthesis> {
  const code = await bundleFunctions(['user', 'events', 'string-replace']);
  const own = {
    probe: await bundle(folder, 'probe', PROBE),
    healthcheck: await bundle(folder, 'healthcheck', HEALTHY),
  };
  const user = code.get('user');
  const bundles = new Map([...code, ...Object.entries(own)]);
  if (user) bundles.set('user-writer', { ...user, name: 'user-writer' });
  const former = { ...storedItems };
  Object.assign(storedItems, { user: TIGHTER_USER });
  const app = withoutTraces(() =>
    createStageApp(context, { operations: otherOperations(), tables: TABLES, bundles }, outdir),
  );
  Object.assign(storedItems, former);
  withoutTraces(() => app.synth());
  const stacks = Object.values(app.manifest.stacks).map(({ name, synthesizedStackPath }) => ({
    name,
    file: join(outdir, synthesizedStackPath),
  }));
  for (const { name, file } of stacks) {
    // What the code names `table-a` and `replacement_map` is another table, and a parameter with another name.
    const renamed = (text: string) =>
      name.includes('-data')
        ? text
        : text.replaceAll('-table-a', '-table-c').replaceAll('/replacement_map', '/replacement_words');
    await writeFile(file, renamed(await readFile(file, 'utf8')));
  }
  const words = Object.entries(started.parameters).flatMap(([name, value]) =>
    name.endsWith('/replacement_map') ? [[name.replace('_map', '_words'), value.replace('color', 'hue')]] : [],
  );
  return { ...started, outdir, stacks, parameters: { ...started.parameters, ...Object.fromEntries(words) } };
}

async function bundle(folder: string, name: string, contents: string): Promise<FunctionBundle> {
  const path = join(folder, name);
  await mkdir(path, { recursive: true });
  const outfile = join(path, 'index.js');
  await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'silent',
  });
  const { byteLength } = await readFile(outfile);
  return { name, path, sha256: name, bytes: byteLength, inputs: [] };
}

function without(access: Operation['access'], name: keyof Operation['access']): Operation['access'] {
  return Object.fromEntries(Object.entries(access).filter(([each]) => each !== name));
}
