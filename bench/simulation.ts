import { loadSimulated } from '#operator/drill/simulation/run-simulation.ts';
import { simulate } from '#operator/drill/simulation/simulate.ts';
import { root } from './measure.ts';

/* How many simulated runs a minute this machine does, over a thousand seeds; each must be as it must be. */

const SEEDS = 1000;

const stage = await loadSimulated(root);
const began = performance.now();
const { seeds, requests, acknowledged, failing } = await simulate(stage, { seed: 1, seeds: SEEDS });
const minutes = (performance.now() - began) / 60_000;
console.log(
  `${Math.round(seeds / minutes)} simulated runs a minute: ${seeds} seeds, ${requests} requests, ${acknowledged} acknowledged writes`,
);
if (failing) {
  console.error(`The seed ${failing.seed} fails:\n${[...failing.problems, ...failing.happenings].join('\n')}`);
  process.exitCode = 1;
}
