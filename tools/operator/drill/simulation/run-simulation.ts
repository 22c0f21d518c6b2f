import { join } from 'node:path';
import { loadModel } from '#local/runtime/load-model.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { listenForInterruption } from '#operator/cli/interruption.ts';
import { type CommandReport, runCommand } from '#operator/cli/run-command.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { type Simulation, simulate } from './simulate.ts';
import type { SimulatedStage } from './world.ts';

interface SimulationFlags {
  readonly local?: true;
  /** @default 100 */
  readonly seeds?: number;
  /** The first one. @default - by chance */
  readonly seed?: number;
  readonly json?: true;
}

interface SimulationReport extends Simulation {
  /** The first one. */
  readonly seed: number;
  readonly stage: string;
  readonly runsPerMinute: number;
}

const SEEDS = 100;
/** Short enough to be typed. */
const MOST_SEED = 1_000_000;

/** Lets faults happen by chance to the stage's own parts, in time that jumps, and looks after each run whether all is as it must be. */
export function runSimulation(wanted: string | undefined, flags: SimulationFlags): Promise<void> {
  if (!flags.local)
    throw new RefusedError('--simulate is of this machine, never of AWS: two-region drill --local --simulate');
  return runCommand(
    flags,
    async ({ view, atEnd }): Promise<SimulationReport> => {
      const { signal, dispose } = listenForInterruption(() => view.line('Interrupted: no other run is begun …'));
      atEnd(dispose);
      view.phase('synthesizing');
      const { stage, ...simulated } = await loadSimulated(projectFolder(), wanted);
      const { seeds = SEEDS, seed = Math.floor(Math.random() * MOST_SEED) } = flags;
      const began = performance.now();
      const simulation = await simulate(simulated, {
        seed,
        seeds,
        signal,
        onRun: (done) => {
          if (done % 10 === 0) view.phase(`${done} of ${seeds} runs`);
        },
        onFailing: (failing) => view.phase(`the seed ${failing} fails; leaving out what it fails without`),
      });
      const minutes = (performance.now() - began) / 60_000;
      return { stage, seed, ...simulation, runsPerMinute: Math.round(simulation.seeds / minutes) };
    },
    REPORT,
  );
}

/** The stage of a folder, as `npm start` would serve it. */
export async function loadSimulated(
  directory: string,
  wanted?: string,
): Promise<SimulatedStage & { readonly stage: string }> {
  const outdir = join(directory, '.two-region/simulated');
  const synthesis = await synthesizeStage({ directory, stage: wanted, outdir, kept: true });
  const { model, targetParts } = await loadModel(synthesis);
  return { stage: synthesis.stage, model, parts: targetParts };
}

const REPORT: CommandReport<SimulationReport> = {
  text: describeSimulation,
  exitCode: ({ failing }) => (failing ? ExitCode.Failed : ExitCode.Done),
};

function describeSimulation(report: SimulationReport, colors: Colors): string {
  const { stage, seed, seeds, requests, acknowledged, runsPerMinute, failing } = report;
  const ran = `${seeds} ${seeds === 1 ? 'run' : 'runs'} from the seed ${seed} on, ${requests} requests, ${acknowledged} acknowledged writes (${runsPerMinute} runs a minute)`;
  if (!failing) return `${colors.green(`The simulation of ${stage} passed:`)} ${ran}.`;
  return [
    colors.red(`The simulation of ${stage} failed with the seed ${failing.seed}:`),
    ...failing.problems.map((each) => `- ${each}`),
    'What happened, without what it fails without:',
    ...failing.happenings,
    `Again: two-region drill ${stage} --local --simulate --seed ${failing.seed} --seeds 1`,
  ].join('\n');
}
