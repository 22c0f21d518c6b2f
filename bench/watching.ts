import type { ChildProcess } from 'node:child_process';
import autocannon from 'autocannon';
import { cpuMilliseconds, endServer, median, printTable, startServer } from './measure.ts';
import { measureWork } from './watching-work.ts';

/*
 * What metrics, alarms, the web ACL and the ways of requests cost the local runtime: their work by itself; and the same runtime without them, with all but
 * the ways, which are kept where the page is open, and with all; the same request to each in turn, over and over. Processor time, as a shared machine
 * lies about all other time.
 */

const KINDS = ['bare', 'watched', 'traced'] as const;
const PORT = 27_400;
const REQUESTS = 4_000;
const WARM_UP_REQUESTS = 10_000;
const ROUNDS = 12;
const CONNECTIONS = 10;

type Kind = (typeof KINDS)[number];

const urlOf = (kind: Kind) => `http://127.0.0.1:${PORT + 20 * KINDS.indexOf(kind) + 1}/envA/healthcheck?shallow`;
const servers = new Map<Kind, ChildProcess>();

/** Microseconds of a request, of all processes of a side. */
async function costOf(kind: Kind, amount: number): Promise<number> {
  const pid = servers.get(kind)?.pid;
  const before = cpuMilliseconds(pid);
  const result = await autocannon({ url: urlOf(kind), connections: CONNECTIONS, amount });
  const failed = result.non2xx + result.errors;
  if (failed > 0) throw new Error(`${kind}: ${failed} of ${amount} responses were not as expected.`);
  return ((cpuMilliseconds(pid) - before) * 1000) / amount;
}

await measureWork();
const costs: Record<Kind, number[]> = { bare: [], watched: [], traced: [] };
try {
  for (const kind of KINDS) {
    const port = String(PORT + 20 * KINDS.indexOf(kind));
    const { child } = await startServer(
      'node',
      ['--import', 'tsx', 'bench/watched-runtime.ts', port, kind],
      urlOf(kind),
    );
    servers.set(kind, child);
    await costOf(kind, WARM_UP_REQUESTS);
  }
  for (let round = 0; round < ROUNDS; round++) {
    // Whoever is asked first, or last, is so as often as the others.
    for (let turn = 0; turn < KINDS.length; turn++) {
      const kind = KINDS[(round + turn) % KINDS.length] ?? 'bare';
      costs[kind].push(await costOf(kind, REQUESTS));
    }
  }
} finally {
  for (const child of servers.values()) endServer(child);
}
/** Other work of the machine makes a round dearer, never cheaper. */
const leastOf = (kind: Kind) => Math.min(...costs[kind]);
printTable(`GET /healthcheck?shallow, ${ROUNDS} rounds of ${REQUESTS}, in turn`, [
  ['', 'CPU µs/request, least', 'median', 'against none of it'],
  ...KINDS.map((kind) => [
    { bare: 'none of it', watched: 'metrics, alarms, web ACL', traced: 'and the ways of requests' }[kind],
    leastOf(kind).toFixed(1),
    median(costs[kind]).toFixed(1),
    `${((100 * leastOf(kind)) / leastOf('bare') - 100).toFixed(1)} %`,
  ]),
]);
