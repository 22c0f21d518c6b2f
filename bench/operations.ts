import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stop as endBundler } from 'esbuild';
import { bundleFunctions } from '#constructs/bundle/function-bundle.ts';
import { operations } from '#contract/index.ts';
import type { Operation } from '#contract/operation.ts';
import { SCHEDULED_FUNCTIONS } from '#stacks/naming.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { selectStage } from '#stacks/settings/select-stage.ts';
import { createStageApp } from '#stacks/stage-app.ts';
import { median, printTable } from './measure.ts';

/* Synthesis by the number of operations: the contract's own, over and over under other paths, on the same functions. */

const ROUNDS = 3;
const COUNTS = [10, 100, 300];
process.setSourceMapsEnabled(false);
const settings = loadSettings('settings.conf');
const context = { settings, stage: selectStage(settings, undefined) };
const bundles = await bundleFunctions([
  ...new Set([...operations.map((operation) => operation.function), ...SCHEDULED_FUNCTIONS]),
]);
await endBundler();
const folder = mkdtempSync(join(tmpdir(), 'two-region-bench-'));

const times = new Map<number, number[]>(COUNTS.map((count) => [count, []]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const count of COUNTS) {
    const started = performance.now();
    createStageApp(context, { operations: many(count), bundles }, join(folder, `${count}`)).synth();
    if (round > 0) times.get(count)?.push(performance.now() - started); // The first round warms caches.
  }
}
rmSync(folder, { recursive: true });
printTable(`Synthesis of a stage by operations, bundles and modules loaded, median of ${ROUNDS}`, [
  ['operations', 'ms', 'ms per operation'],
  ...[...times].map(([count, all]) => [`${count}`, median(all).toFixed(0), (median(all) / count).toFixed(1)]),
]);

function many(count: number): readonly Operation[] {
  return Array.from({ length: count }, (_, at) => {
    const operation = operations[at % operations.length];
    if (operation === undefined) throw new Error('The contract is empty.');
    const copy = Math.floor(at / operations.length);
    return copy === 0
      ? operation
      : { ...operation, id: `${operation.id}-${copy}`, path: `/copy-${copy}${operation.path}` };
  });
}
