import { readFileSync } from 'node:fs';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { connectControl } from '#local/control/client.ts';
import { summarize } from '#local/control/summary.ts';
import { RawClient, type RawRequest } from '#tests/support/hostile/raw-client.ts';
import { identify } from '#tests/support/hostile/routes.ts';
import { routesOf } from '#tests/tools/local/hostile/gateway-routes.ts';
import { AWS_BODIES, BODIES, HEADERS, QUERIES } from './hostile-inputs.ts';
import { localRuntimeCommand } from './local-runtime.ts';
import { endServer, ownResidentMegabytes, printTable, residentMegabytes, startServer } from './measure.ts';

/*
 * How long one request of a client delays another client of the local runtime: what the runtime's main thread works at the longest before a small
 * request has its 404 while the other one is under way, for every operation of one region and every input of hostile-inputs.ts. It is processor time,
 * which other work of the machine does not add to, and the least of up to five rounds. Then what memory the runtime keeps. The aim is 100 ms.
 * Linux only.
 */

const PORT = 27_300;
const ROUNDS = 5;
const AIM_MS = 100;
/** Milliseconds after which a response is not waited for any more. */
const PATIENCE_MS = 30_000;
/** What is kept at rest shows after it: functions' processes that are idle for more than 30 s end, which is looked at every 15 s. */
const REST_MS = 60_000;

const { command, folder } = localRuntimeCommand(PORT);
const [program, ...args] = command;
const { child } = await startServer(program, args, `http://127.0.0.1:${PORT + 1}/envA/healthcheck?shallow`, {
  cwd: folder,
});
try {
  await measure(child.pid ?? 0);
} finally {
  endServer(child);
}
process.exit();

async function measure(pid: number): Promise<void> {
  const message = await (await connectControl(folder)).regions();
  const summary = summarize(message);
  const routes = routesOf(summary).filter(({ place }) => place === 'primary');
  const url = new URL(summary.regions.primary.url);
  const other = new RawClient(Number(url.port));
  const small = {
    method: 'GET',
    target: '/envA/nothing',
    headers: [['host', url.host]],
    body: Buffer.alloc(0),
  } as const;

  /** Milliseconds that the runtime works at the longest, while `send` is under way, before the small request has its response. */
  const delayOf = async (send: () => Promise<unknown>): Promise<number> => {
    let isOver = false;
    let longest = 0;
    const given = Promise.race([send(), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))])
      .catch(() => undefined) // The connection may be broken off: who else waits is what counts.
      .finally(() => {
        isOver = true;
      });
    while (!isOver) {
      const started = mainThreadMs(pid);
      await other.send(small);
      longest = Math.max(longest, mainThreadMs(pid) - started);
    }
    await given;
    return longest;
  };
  const least = async (send: () => Promise<unknown>) => {
    let delay = Number.POSITIVE_INFINITY;
    // One that is below the aim needs no second look.
    for (let round = 0; round < ROUNDS && delay > AIM_MS / 2; round++) delay = Math.min(delay, await delayOf(send));
    return delay;
  };
  const worst = new Map<string, { readonly delay: number; readonly what: string }>();
  const note = async (kind: string, what: string, send: () => Promise<unknown>) => {
    const delay = await least(send);
    if (delay > AIM_MS) console.log(`  over ${AIM_MS} ms: ${kind}, ${what}: ${delay.toFixed(0)} ms`);
    if (delay >= (worst.get(kind)?.delay ?? 0)) worst.set(kind, { delay, what });
  };

  const before = memoryOf(pid);
  await note('nothing', 'the small one alone', () => new Promise((resolve) => setTimeout(resolve, 1_000)));
  for (const route of routes) {
    const { id, method } = route.operation;
    const give = async (kind: string, what: string, changed: RawRequest) => {
      const request = await identify(route, changed);
      await note(kind, `${id}, ${what}`, () => route.client.send(request));
    };
    await give('valid', 'its example', route.valid);
    for (const [what, make] of Object.entries(method === 'GET' ? {} : BODIES))
      await give('body', what, { ...route.valid, body: Buffer.from(make()) });
    for (const [what, headers] of Object.entries(HEADERS))
      await give('headers', what, { ...route.valid, headers: [...route.valid.headers, ...headers] });
    for (const [what, query] of Object.entries(QUERIES))
      await give('query', what, { ...route.valid, target: `${route.valid.target.split('?')[0]}?${query}` });
  }
  const { services, region } = summary.regions.primary;
  for (const [what, { service, target, body }] of Object.entries(AWS_BODIES)) {
    const { hostname, host, port } = new URL(services[service] ?? '');
    const headers = { host, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
    const signer = new SignatureV4({ credentials: message.credentials.operator, region, service, sha256: Sha256 });
    const sent = Buffer.from(body());
    const signed = await signer.sign({ method: 'POST', protocol: 'http:', hostname, path: '/', headers, body: sent });
    const client = new RawClient(Number(port));
    const request = { method: 'POST', target: '/', headers: Object.entries(signed.headers), body: sent };
    await note('fake AWS', `${target}, ${what}`, () => client.send(request));
    client.close();
  }
  const after = memoryOf(pid);
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const rested = memoryOf(pid);
  printTable('the longest that another client waits, ms', [
    ['input', 'ms', 'the worst of its kind'],
    ...[...worst].map(([kind, { delay, what }]) => [kind, delay.toFixed(0), what]),
  ]);
  printTable('resident memory, MB', [
    ['process', 'before', 'after all of it', `${REST_MS / 1000} s later`],
    ["the runtime's main process", ...[before, after, rested].map(({ main }) => main.toFixed(0))],
    ["its children: functions' processes", ...[before, after, rested].map(({ children }) => children.toFixed(0))],
  ]);
}

/** Resident memory, in MB. */
function memoryOf(pid: number): { readonly main: number; readonly children: number } {
  const main = ownResidentMegabytes(pid);
  return { main, children: residentMegabytes(pid) - main };
}

/** Processor time of a process's main thread so far, in ms. Source: Linux kernel documentation, "Scheduler Statistics". */
function mainThreadMs(pid: number): number {
  const [nanoseconds] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}
