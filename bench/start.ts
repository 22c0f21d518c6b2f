import { setTimeout as sleep } from 'node:timers/promises';
import { endServer, median, printTable, residentMegabytes, startServer } from './measure.ts';

/* From `npm start` to the first 200, and the resident memory of all processes once nothing is asked of them. */

const ROUNDS = 3;
const PORT = 27_100;
const times: number[] = [];
const memory: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const url = `http://127.0.0.1:${PORT}/healthcheck?shallow`;
  const { child, readyAfterMs } = await startServer('npm', ['start', '--', '--port', String(PORT), '--quiet'], url);
  await sleep(5000);
  times.push(readyAfterMs);
  if (child.pid !== undefined) memory.push(residentMegabytes(child.pid));
  endServer(child);
  await sleep(2500);
}
printTable(`Start of the local runtime, median of ${ROUNDS}`, [
  ['npm start to the first 200', `${(median(times) / 1000).toFixed(2)} s`, 'aim ≤ 5 s'],
  ['resident memory when idle, npm included', `${median(memory).toFixed(0)} MB`, 'aim ≤ 300 MB'],
]);
