import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, printTable, root, timeCommand } from './measure.ts';

/* Synthesis of a stage by our command, by cdktf's, and the bare import of cdktf, as whole processes in turn. */

const ROUNDS = 5;
const outdir = mkdtempSync(join(tmpdir(), 'two-region-bench-'));
const sides = [
  ['two-region synth', 'node', ['tools/operator/two-region.mjs', 'synth', '--outdir', join(outdir, 'ours')]],
  ['cdktf synth', join(root, 'node_modules/.bin/cdktf'), ['synth', '--output', join(outdir, 'cdktf')]],
  ['import of cdktf', 'node', ['-e', "require('cdktf')"]],
] as const;

const times = new Map<string, number[]>(sides.map(([name]) => [name, []]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, command, args] of sides) {
    const milliseconds = await timeCommand(command, args, { CHECKPOINT_DISABLE: '1' });
    if (round > 0) times.get(name)?.push(milliseconds); // The first round warms caches.
  }
}
rmSync(outdir, { recursive: true });
const ours = median(times.get('two-region synth') ?? []);
printTable(`Synthesis of a stage, median of ${ROUNDS}`, [
  ['', 'ms', 'against ours'],
  ...[...times].map(([name, values]) => [name, median(values).toFixed(0), `${(median(values) / ours).toFixed(2)}×`]),
]);
