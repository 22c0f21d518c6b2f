import autocannon from 'autocannon';
import { endServer, median, printTable, startServer } from './measure.ts';
import { prepareServerlessOffline } from './peers/serverless-offline.ts';

/*
 * Requests per second of the local runtime on an operation that touches no data, beside bare node:http and serverless-offline with the same
 * handler: 10 connections, all sides up at once, measured in turn.
 */

const ROUNDS = 3;
const SECONDS = 5;
const PORT = 47_200;
const PEER_PORT = 47_230;
const BARE_PORT = 47_240;

const offline = await prepareServerlessOffline(PEER_PORT);
const sides = [
  {
    name: 'local runtime',
    url: `http://127.0.0.1:${PORT + 1}/envA/healthcheck?shallow`,
    start: (url: string) =>
      startServer('node', ['tools/operator/two-region.mjs', 'local', '--port', String(PORT), '--quiet'], url),
  },
  {
    name: 'bare node:http',
    url: `http://127.0.0.1:${BARE_PORT}/`,
    start: (url: string) => startServer('node', ['bench/peers/bare-http.mjs', String(BARE_PORT)], url),
  },
  {
    name: 'serverless-offline 13',
    url: `http://localhost:${PEER_PORT}/healthcheck?shallow`,
    start: (url: string) => startServer('node_modules/.bin/serverless', ['offline'], url, offline),
  },
];
const servers = [];
const results = new Map(sides.map(({ name }) => [name, { rates: [] as number[], p99: [] as number[] }]));
try {
  for (const { url, start } of sides) servers.push((await start(url)).child);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { name, url } of sides) {
      const result = await autocannon({ url, connections: 10, duration: round === 0 ? 2 : SECONDS });
      if (result.non2xx > 0 || result.errors > 0)
        throw new Error(`${name}: ${result.non2xx} answers without 2xx, ${result.errors} errors.`);
      if (round === 0) continue; // Warms up.
      results.get(name)?.rates.push(result.requests.average);
      results.get(name)?.p99.push(result.latency.p99);
    }
  }
} finally {
  servers.forEach(endServer);
}
const ours = median(results.get('local runtime')?.rates ?? []);
printTable(`GET /healthcheck?shallow, 10 connections, ${SECONDS} s, median of ${ROUNDS}`, [
  ['', 'requests/s', 'p99 ms', 'ours against it'],
  ...[...results].map(([name, { rates, p99 }]) => [
    name,
    median(rates).toFixed(0),
    String(median(p99)),
    `${(ours / median(rates)).toFixed(2)}×`,
  ]),
]);
