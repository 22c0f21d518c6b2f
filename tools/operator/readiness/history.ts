import * as z from 'zod/mini';
import type { CheckResult } from '#operator/doctor/check.ts';
import { thisCommand } from '#operator/lock/hold-lock.ts';

const runSchema = z.object({
  at: z.iso.datetime(),
  /** `user@host` */
  by: z.string(),
  /** How many checks came to what. */
  counts: z.object({ fail: z.int(), warn: z.int(), skipped: z.int(), ok: z.int() }),
  /** What failed or was warned of. */
  findings: z.array(z.object({ name: z.string(), outcome: z.enum(['fail', 'warn']), found: z.string() })),
});

/** What one run of `readiness` came to. Times are ISO 8601. */
export type ReadinessRun = Readonly<z.infer<typeof runSchema>>;

const historySchema = z.object({ version: z.literal(1), runs: z.array(runSchema) });

/** Where a stage's runs are kept. */
export interface HistoryStore {
  /** @returns what was written last; `undefined` or `null` where there is nothing */
  read(): Promise<unknown>;
  write(document: unknown): Promise<void>;
}

/** A run a day for a year, and some by hand. */
const MOST_KEPT = 500;

/** The runs of a stage, the oldest first. @throws ZodError where something else is kept there */
export async function readRuns(store: Pick<HistoryStore, 'read'>): Promise<readonly ReadinessRun[]> {
  const document = (await store.read()) ?? undefined;
  return document === undefined ? [] : historySchema.parse(document).runs;
}

/** Adds a run. Of two at the same time one may be lost: nothing depends on it. */
export async function keepRun(store: HistoryStore, run: ReadinessRun): Promise<void> {
  await store.write({ version: 1, runs: [...(await readRuns(store)), run].slice(-MOST_KEPT) });
}

/** What is kept of results. */
export function runOf(results: readonly CheckResult[], now = new Date()): ReadinessRun {
  const counts = { fail: 0, warn: 0, skipped: 0, ok: 0 };
  for (const { outcome } of results) counts[outcome] += 1;
  const findings = results.flatMap(({ name, outcome, found }) =>
    outcome === 'fail' || outcome === 'warn' ? [{ name, outcome, found }] : [],
  );
  const { user, host } = thisCommand();
  return { at: now.toISOString(), by: `${user}@${host}`, counts, findings };
}
