import * as z from 'zod';
import { ALL_SCENARIO_NAMES } from '#operator/drill/scenarios.ts';

const region = z.enum(['primary', 'secondary']);
/** Seconds of AWS's time: what this machine's clock said, times the time scale. */
const seconds = z.number();
const range = z.object({ atLeast: seconds, atMost: seconds });

/** One figure beside its prediction. */
const measure = z.object({
  id: z.enum(['noticed', 'dns', 'moved', 'new', 'kept', 'held', 'healthy', 'level', 'returned']),
  what: z.string(),
  /** From the fault, or from recovery. `null`: it did not happen. */
  seconds: seconds.nullable(),
  from: z.enum(['fault', 'recovery', 'route-back']),
  predicted: range.nullable(),
});

/** Something that must be so. */
const condition = z.object({ id: z.string(), text: z.string(), passed: z.boolean(), detail: z.string() });

const counts = z.object({ sent: z.int(), ok: z.int(), slow: z.int(), failed: z.int(), refused: z.int() });

const bucket = z.object({ seconds, new: counts, kept: counts });

const objective = z.object({
  name: z.enum(['RTO_SECONDS', 'RPO_SECONDS', 'ERROR_BUDGET_PERCENT']),
  limit: z.number(),
  /** `null`: not measured in this scenario. */
  measured: z.number().nullable(),
  /** `null`: not judged. */
  met: z.boolean().nullable(),
});

export const scenarioReportSchema = z.object({
  scenario: z.enum(ALL_SCENARIO_NAMES),
  title: z.string(),
  done: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  seconds,
  /** Whether traffic was to go to the other region. */
  moves: z.boolean(),
  /** Why the health checks were to notice nothing. */
  unnoticed: z.string().nullable(),
  passed: z.boolean(),
  conditions: z.array(condition),
  measures: z.array(measure),
  objectives: z.array(objective),
  requests: z.object({
    /** By how they got to the API. */
    all: z.record(z.string(), counts),
    /** Of them, from the fault until what failed responded again. */
    duringFault: z.record(z.string(), counts),
    problems: z.array(z.object({ route: z.string(), problem: z.string(), count: z.int() })),
  }),
  writes: z.object({
    acknowledged: z.int(),
    items: z.int(),
    lost: z.int(),
    stale: z.int(),
    conflicts: z.int(),
    /** The first of each. */
    examples: z.array(z.string()),
    /** How far back the other region lacked writes when traffic came there, in seconds of this machine's clock; `null`: traffic did not move. */
    lackedSeconds: z.number().nullable(),
  }),
  series: z.object({ bucketSeconds: seconds, buckets: z.array(bucket) }),
  marks: z.array(
    z.object({ seconds, text: z.string(), kind: z.enum(['fault', 'moved', 'noticed', 'recovery', 'end']) }),
  ),
  saw: z.object({
    alarms: z.array(
      z.object({ seconds, region: z.string(), name: z.string(), from: z.string(), to: z.string(), reason: z.string() }),
    ),
    status: z.array(z.object({ moment: z.string(), seconds, lines: z.array(z.string()) })),
  }),
});
export type ScenarioReport = z.infer<typeof scenarioReportSchema>;

/** What `--json` prints and `report.json` holds. */
export const drillReportSchema = z.object({
  version: z.literal(1),
  stage: z.string(),
  /** `local`: the runtime on this machine. */
  place: z.enum(['aws', 'local']),
  regions: z.record(region, z.string()),
  /** How many times as fast as on AWS time ran. */
  timeScale: z.number(),
  /** Requests per second of this machine's clock. */
  load: z.number(),
  failback: z.enum(['automatic', 'manual']),
  /** ISO 8601. */
  startedAt: z.string(),
  /** Whether every condition of every scenario held. */
  passed: z.boolean(),
  /** Objectives of settings.conf that were missed: `lose-region: RTO_SECONDS is 30, measured 62`. */
  missed: z.array(z.string()),
  /** What was well before it began. */
  preflight: z.array(z.string()),
  scenarios: z.array(scenarioReportSchema),
  /** Where the report was written. */
  files: z.object({ html: z.string(), json: z.string() }),
});
export type DrillReport = z.infer<typeof drillReportSchema>;
export type Measure = z.infer<typeof measure>;
export type Condition = z.infer<typeof condition>;
export type Counts = z.infer<typeof counts>;
export type Objective = z.infer<typeof objective>;
