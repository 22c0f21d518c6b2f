import { setTimeout } from 'node:timers/promises';
import { startProjectCopy } from '#tests/tools/operator/local/project-copy.ts';
import { median, printTable } from './measure.ts';

/*
 * From a save to the first response of the new code: a handler twenty times, a contract three times, in a copy of this project. A request every 10 ms
 * looks whether it is there: a client that asks without a pause would take a processor for itself.
 */

const SAVES = 20;
const SYNTHESES = 3;
/** Between two saves: what the last one led to comes to rest, and neither types nor bundles of a deploy are made yet. */
const PAUSE_MILLISECONDS = 500;
const EVERY_MILLISECONDS = 10;
const CHECK = 'functions/healthcheck/deep-check.ts';

const project = await startProjectCopy();
await project.line(/What is saved is served/);

/** Saves, and asks until the new code has responded. @returns milliseconds, and whether a request was lost */
async function measure(save: () => Promise<void>, isNew: () => Promise<'failed' | 'new' | 'old'>) {
  let failed = 0;
  await setTimeout(PAUSE_MILLISECONDS);
  await save();
  const savedAt = performance.now();
  for (;;) {
    const seen = await isNew();
    if (seen === 'failed') failed += 1;
    if (seen === 'new') return { milliseconds: performance.now() - savedAt, failed };
    await setTimeout(EVERY_MILLISECONDS);
  }
}

const handler: number[] = [];
const contract: number[] = [];
let lost = 0;
let before = 'shallow';
for (let number = 0; number < SAVES; number++) {
  const after = `saved ${number}`;
  const result = await measure(
    () => project.edit(CHECK, `check: '${before}'`, `check: '${after}'`),
    async () => {
      const response = await fetch(`${project.entry}/healthcheck?shallow`);
      if (response.status !== 200) return 'failed';
      return Object(await response.json()).check === after ? 'new' : 'old';
    },
  );
  handler.push(result.milliseconds);
  lost += result.failed;
  before = after;
}
let path = '/user/{id}';
for (let number = 0; number < SYNTHESES; number++) {
  const after = `/people-${number}/{id}`;
  const result = await measure(
    () => project.edit('functions/contract/get-user.ts', `path: '${path}'`, `path: '${after}'`),
    async () => {
      const { status, headers } = await fetch(`${project.entry}/people-${number}/a1B2c3D4`);
      // Of a route that is not there the gateway says 404, too, and this with it.
      return status === 404 && !headers.has('x-amzn-errortype') ? 'new' : 'old';
    },
  );
  contract.push(result.milliseconds);
  path = after;
}
await project.close();
printTable('Saved, and served', [
  [`a handler, median of ${SAVES}`, `${median(handler).toFixed(0)} ms`, 'aim ≤ 300 ms'],
  ['… slowest', `${Math.max(...handler).toFixed(0)} ms`, ''],
  ['… requests lost', String(lost), 'aim 0'],
  [`a contract, median of ${SYNTHESES}`, `${median(contract).toFixed(0)} ms`, ''],
]);
