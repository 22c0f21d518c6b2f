import * as z from 'zod/mini';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import type { RegionType } from '#stacks/context.ts';

/** What stands where the journal should isn't one. */
class JournalError extends Error {
  override readonly name = 'JournalError';
  readonly exitCode = ExitCode.Failed;
  constructor(where: string, problem: string, options?: ErrorOptions) {
    super(
      `${where} is not a journal of switches: ${problem}.\n` +
        'Put an earlier version of it back. Where no switch is unfinished it may be deleted, too: only `rollback` needs what it held.',
      options,
    );
  }
}

const time = z.iso.datetime();

const stepSchema = z.object({
  /**
   * What was done, and to what. `watch`: a stagger, in which one region is on the new environment and the other one is not. `weigh`, `bake`, `unweigh`:
   * a canary, in which the old environment's aliases run the new one's versions for a share of their invocations.
   */
  action: z.enum(['move', 'verify', 'watch', 'weigh', 'bake', 'unweigh']),
  /** `routing` is of version 0.1.0, whose health checks knew the target. */
  subject: z.enum([
    'entry-primary',
    'entry-secondary',
    'routing',
    'primary',
    'secondary',
    'both regions',
    'public name',
  ]),
  /** Environment that it was to lead to. */
  environment: z.string(),
  begun: time,
  ended: z.optional(time),
  /** `begun` stays when the command ended before the step did. */
  outcome: z.enum(['begun', 'done', 'failed']),
  problem: z.optional(z.string()),
  /** When a watch or a bake is to end. */
  until: z.optional(time),
  /** Who answered while it was verified. */
  responses: z.optional(
    z.object({
      /** How often was asked. */
      asked: z.int(),
      /** Responses of other environments than the one that was moved to, and when the last one came. */
      others: z.int(),
      lastOther: z.optional(time),
    }),
  ),
});

const recordSchema = z.object({
  id: z.string(),
  kind: z.enum(['switch', 'rollback']),
  from: z.string(),
  to: z.string(),
  /** What both environments held when the switch began. */
  hashes: z.object({ from: z.optional(z.string()), to: z.optional(z.string()) }),
  /** How long the first region is watched before the other one follows. @default - not at all */
  staggerSeconds: z.optional(z.number()),
  /** The new versions run for so many percent of the old environment's invocations first, for so long. @default - not at all */
  canary: z.optional(z.object({ percent: z.number(), bakeSeconds: z.number() })),
  /** `user@host` */
  who: z.string(),
  begun: time,
  ended: z.optional(time),
  /** `begun`: under way, or the command was killed. `stuck`: it failed, and so did putting back. */
  outcome: z.enum(['begun', 'done', 'reverted', 'stuck']),
  /** Why it was not done. */
  cause: z.optional(z.string()),
  steps: z.array(stepSchema),
});

const journalSchema = z.object({ version: z.literal(1), switches: z.array(recordSchema) });

/** A step of a switch. */
export type SwitchStep = Readonly<z.infer<typeof stepSchema>>;

/** One switch, from its begin to its end. Times are ISO 8601. */
export type SwitchRecord = Readonly<Omit<z.infer<typeof recordSchema>, 'steps'>> & {
  readonly steps: readonly SwitchStep[];
};

/** The last switches of a stage, the newest last. */
export interface SwitchJournal {
  readonly version: 1;
  readonly switches: readonly SwitchRecord[];
}

/** How many switches a journal keeps. */
const KEPT = 20;

export const EMPTY_JOURNAL: SwitchJournal = { version: 1, switches: [] };

/**
 * Reads a journal's document.
 *
 * @param where - what the document is called, for errors
 * @throws JournalError when it isn't a journal
 */
export function parseJournal(text: string, where: string): SwitchJournal {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new JournalError(where, 'it is not valid JSON', { cause });
  }
  return checkJournal(document, where);
}

/** The same for a document that is read already. @throws JournalError when it isn't a journal */
export function checkJournal(document: unknown, where: string): SwitchJournal {
  const parsed = journalSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new JournalError(where, `${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'unknown'}`);
}

/** The journal with a switch put in, or put in the place of its former self. */
export function withRecord({ switches }: SwitchJournal, record: SwitchRecord): SwitchJournal {
  const known = switches.some(({ id }) => id === record.id);
  const next = known ? switches.map((each) => (each.id === record.id ? record : each)) : [...switches, record];
  return { version: 1, switches: next.slice(-KEPT) };
}

/** The switch that neither ended nor was put back. */
export function unfinished({ switches }: SwitchJournal): SwitchRecord | undefined {
  return switches.findLast(({ outcome }) => outcome === 'begun' || outcome === 'stuck');
}

/** The stagger that a switch is in: one region's entry leads to the new environment, the other's to the old one, on purpose. */
export interface Stagger {
  /** The region that went first. */
  readonly regionType: RegionType;
  readonly from: string;
  readonly to: string;
  /** When the other region is to follow; ISO 8601. */
  readonly until: string;
}

/** @returns `undefined` for a switch that watches no region now */
export function staggerOf({ from, to, outcome, steps }: SwitchRecord): Stagger | undefined {
  const last = steps.at(-1);
  if (outcome !== 'begun' || last?.action !== 'watch' || last.outcome !== 'begun') return undefined;
  if (last.subject !== 'primary' && last.subject !== 'secondary') return undefined;
  return { regionType: last.subject, from, to, until: last.until ?? last.begun };
}

/** The canary that a switch is in: the live environment's aliases run the other one's versions for a share of their invocations. */
export interface Canary {
  readonly percent: number;
  readonly from: string;
  readonly to: string;
  /** When both regions had their weights; ISO 8601, as is when it is to end. */
  readonly begun: string;
  readonly until: string;
}

/** @returns `undefined` for a switch that bakes nothing now */
export function canaryOf({ from, to, outcome, steps, canary }: SwitchRecord): Canary | undefined {
  const last = steps.at(-1);
  if (canary === undefined || outcome !== 'begun' || last?.action !== 'bake' || last.outcome !== 'begun')
    return undefined;
  return { percent: canary.percent, from, to, begun: last.begun, until: last.until ?? last.begun };
}

/** Whether a switch is in a stagger or a canary: a step is open in which no command has the lock. */
export function isWatched(record: SwitchRecord): boolean {
  return staggerOf(record) !== undefined || canaryOf(record) !== undefined;
}

/** The switch that brought the live environment its traffic, as far as the journal knows. */
export function lastDone({ switches }: SwitchJournal): SwitchRecord | undefined {
  return switches.findLast(({ outcome }) => outcome === 'done');
}

/** Keeps a stage's journal of switches as one document. */
export interface JournalStore {
  /** @returns an empty journal before the first switch. @throws JournalError when the document isn't a journal */
  readonly read: () => Promise<SwitchJournal>;
  /** Replaces the document as a whole: a reader sees it before or after, never in between. */
  readonly write: (journal: SwitchJournal) => Promise<void>;
}
