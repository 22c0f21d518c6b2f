import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { createLambda } from '#local/lambda/lambda.ts';

/*
 * Invocations a second of the local Lambda through one process, 10 in flight, beside a bare worker thread that echoes the same JSON (no timeout, no
 * isolation, no log): what the isolation of a process costs. And how long the first invocation takes.
 * Run: node --import tsx bench/invocations.ts
 */

const inFlight = 10;
const count = 100_000;
const rounds = 3;
const payload = JSON.stringify({
  httpMethod: 'GET',
  path: '/test',
  headers: { accept: '*/*', host: 'localhost', 'user-agent': 'bench' },
  requestContext: { stage: 'envA', identity: { sourceIp: '127.0.0.1' } },
  body: null,
});

async function invocationsPerSecond(invoke: () => Promise<unknown>): Promise<number> {
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    let left = count;
    const begin = performance.now();
    const client = async () => {
      while (left-- > 0) await invoke();
    };
    await Promise.all(Array.from({ length: inFlight }, client));
    best = Math.max(best, (count / (performance.now() - begin)) * 1000);
  }
  return Math.round(best);
}

const source = mkdtempSync(join(tmpdir(), 'two-region-bench-'));
writeFileSync(join(source, 'index.js'), `exports.handler = async () => ({ statusCode: 200, body: '{"ok":true}' });`);
const lambda = createLambda({
  functions: [
    {
      name: 'example',
      arn: 'arn:aws:lambda:eu-central-1:123456789012:function:example',
      handler: 'index.handler',
      source,
      codeSha256: '',
      version: '1',
      memoryMb: 256,
      timeoutSeconds: 3,
      environment: {},
      roleArn: '',
      logGroup: '',
      aliases: [],
      permissions: [],
    },
  ],
  region: 'eu-central-1',
  regionType: 'primary',
  endpointEnvironment: {},
  credentialsFor: () => ({ accessKeyId: '', secretAccessKey: '', sessionToken: '' }),
  log: new RuntimeLog(),
  limits: { maxEnvironments: 1 },
});
const invoke = async () => {
  const result = await lambda.invoke({ functionName: 'example', qualifier: '1', payload });
  if (!result.ok) throw new Error(JSON.stringify(result));
};

const worker = new Worker(
  `const { parentPort } = require('node:worker_threads');
   const handler = async () => ({ statusCode: 200, body: '{"ok":true}' });
   parentPort.on('message', async ([id, event]) => parentPort.postMessage([id, JSON.stringify(await handler(JSON.parse(event)))]));`,
  { eval: true },
);
const settles = new Map<number, (result: unknown) => void>();
worker.on('message', ([id, result]: [number, string]) => {
  settles.get(id)?.(JSON.parse(result));
  settles.delete(id);
});
let lastId = 0;
const echo = () =>
  new Promise((settle) => {
    lastId += 1;
    settles.set(lastId, settle);
    worker.postMessage([lastId, payload]);
  });

const begin = performance.now();
await invoke();
console.log(`first invocation, with the start of the process: ${(performance.now() - begin).toFixed(0)} ms`);
await echo();
const ours = await invocationsPerSecond(invoke);
const bare = await invocationsPerSecond(echo);
console.log(`local Lambda, one process, ${inFlight} in flight: ${ours} invocations/s`);
console.log(`bare worker thread: ${bare} messages/s (${(ours / bare).toFixed(2)}×)`);
await Promise.all([lambda.close(), worker.terminate()]);
rmSync(source, { recursive: true });
