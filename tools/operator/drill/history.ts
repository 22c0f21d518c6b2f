import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { DrillReport } from './report/report-schema.ts';
import { ALL_SCENARIO_NAMES } from './scenarios.ts';

const entrySchema = z.object({
  /** ISO 8601. */
  at: z.string(),
  stage: z.string(),
  scenario: z.enum(ALL_SCENARIO_NAMES),
  passed: z.boolean(),
  /** Objectives were missed. */
  missed: z.boolean(),
  timeScale: z.number(),
  load: z.number(),
  /** Seconds of AWS's time; `null`: it did not happen, or was not to. */
  noticed: z.number().nullable(),
  servedNew: z.number().nullable(),
  servedKept: z.number().nullable(),
  failed: z.int(),
  lost: z.int(),
});

/** One scenario of one drill, as it is kept. */
export type PastDrill = z.infer<typeof entrySchema>;

const historySchema = z.object({ version: z.literal(1), drills: z.array(entrySchema) });

const MOST_KEPT = 500;

function fileIn(directory: string): string {
  return join(directory, '.two-region', 'drills.json');
}

/** The drills of a project on this machine, the oldest first. @throws Error for a file that holds something else */
export async function readHistory(directory: string): Promise<readonly PastDrill[]> {
  const content = await readFile(fileIn(directory), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  return content === undefined ? [] : historySchema.parse(JSON.parse(content)).drills;
}

/** Adds what a drill came to. */
export async function keepHistory(directory: string, report: DrillReport): Promise<void> {
  const before = await readHistory(directory);
  const drills = [...before, ...entriesOf(report)].slice(-MOST_KEPT);
  const file = fileIn(directory);
  await mkdir(dirname(file), { recursive: true });
  // Nobody ever reads half of it.
  await writeFile(`${file}.new`, `${JSON.stringify({ version: 1, drills }, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
}

function entriesOf({ stage, timeScale, load, scenarios }: DrillReport): readonly PastDrill[] {
  return scenarios.map(({ startedAt, scenario, passed, objectives, measures, requests, writes }) => {
    const figure = (id: string) => measures.find((each) => each.id === id)?.seconds ?? null;
    return {
      at: startedAt,
      stage,
      scenario,
      passed,
      missed: objectives.some(({ met }) => met === false),
      timeScale,
      load,
      noticed: figure('noticed'),
      servedNew: figure('new'),
      servedKept: figure('kept'),
      failed: Object.values(requests.all).reduce((sum, counts) => sum + counts.failed, 0),
      lost: writes.lost,
    };
  });
}
