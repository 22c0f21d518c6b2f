import * as z from 'zod';
import { RefusedError } from '#operator/cli/errors.ts';
import { awsDocument } from '#operator/journal/stage-records.ts';
import type { StageContext } from '#stacks/context.ts';

const openSchema = z.object({
  scenario: z.enum(['lose-table', 'route-away']),
  region: z.enum(['primary', 'secondary']),
  /** That has a statement which denies. */
  role: z.string().optional(),
  /** `user@host` */
  who: z.string(),
  /** ISO 8601, as `until`: when it ends by itself, if it does. */
  begun: z.string(),
  until: z.string(),
});

/** A drill that has broken something, and has not taken it back yet. */
export type OpenDrill = z.infer<typeof openSchema>;

const documentSchema = z.object({ version: z.literal(1), open: openSchema.nullable() });

/** Where a drill writes, before it breaks anything, what is to be taken back. */
export interface DrillRecords {
  readonly read: () => Promise<OpenDrill | undefined>;
  readonly write: (open: OpenDrill | undefined) => Promise<void>;
}

/** Beside the state, as the journal of switches. */
export function awsDrillRecords(context: StageContext): DrillRecords {
  const document = awsDocument(context, 'drill');
  return {
    read: async () => {
      const found = await document.read();
      return found === undefined ? undefined : (documentSchema.parse(found).open ?? undefined);
    },
    write: (open) => document.write({ version: 1, open: open ?? null }),
  };
}

/** @throws RefusedError where a drill is not over */
export function requireNone(stage: string, open: OpenDrill | undefined): void {
  if (open === undefined) return;
  throw new RefusedError(
    `A drill of ${stage} is not over: ${open.scenario}, begun by ${open.who} at ${open.begun}. ` +
      `If its command has ended, take back what it made: two-region drill ${stage} --restore`,
  );
}
