import type { EnvironmentPorts } from '#operator/destroy/destroy-environment.ts';
import type { DestroyPorts } from '#operator/destroy/destroy-stage.ts';
import type { HeldStack } from '#operator/destroy/held-stacks.ts';
import type { StageData } from '#operator/destroy/stage-data.ts';
import { EMPTY_JOURNAL, type SwitchJournal, type SwitchRecord } from '#operator/journal/switch-journal.ts';
import type { StageContext } from '#stacks/context.ts';
import { NO_RECORDS } from '#stacks/release-record.ts';
import { context } from '#tests/tools/operator/live/faked-live.ts';
import { FakedTerraform } from '#tests/tools/operator/terraform/faked-terraform.ts';
import { stacksOfAStage } from '#tests/tools/operator/terraform/stacks-of-a-stage.ts';

export interface FakedStage {
  readonly context?: StageContext;
  /** @default - every stack of envA and envB, with resources */
  readonly held?: readonly HeldStack[];
  readonly data?: readonly StageData[];
  readonly switches?: readonly SwitchRecord[];
  readonly terraform?: FakedTerraform;
  readonly target?: string | undefined;
  readonly signal?: AbortSignal;
  readonly confirm?: DestroyPorts['confirm'];
}

/** What a stage has after a deploy. */
export function everythingHeld(environments: readonly string[] = ['envA', 'envB']): readonly HeldStack[] {
  return stacksOfAStage(environments).map(({ id, name, kind, regionType }) => ({
    id,
    name,
    kind,
    ...(regionType && { regionType }),
    resources: 3,
    tables: kind === 'data' ? ['two-region-api-dev-user'] : [],
    buckets: kind === 'base' ? [`two-region-api-dev-data-${regionType}`] : [],
  }));
}

/** A stage without AWS, and what happened to it. */
export function fakedDestroy(faked: FakedStage = {}) {
  const { data = [], switches = [], terraform = new FakedTerraform(), held = everythingHeld() } = faked;
  const events: string[] = [];
  const syntheses: (readonly string[])[] = [];
  let journal: SwitchJournal = { version: 1, switches };
  const ports: DestroyPorts & EnvironmentPorts = {
    held: async () => held,
    records: async () => NO_RECORDS,
    target: async () => ('target' in faked ? faked.target : 'envA'),
    journal: {
      read: async () => journal,
      write: async (next) => {
        journal = next;
      },
    },
    synthesize: async ({ settings }) => {
      syntheses.push(settings.apiEnvironments);
      return stacksOfAStage(settings.apiEnvironments);
    },
    terraform,
    ...(faked.signal && { signal: faked.signal }),
    data: {
      look: async (stacks) => data.filter(({ stack }) => stacks.some(({ name }) => name === stack)),
      letGo: async (gone) => {
        for (const { kind, name } of gone) events.push(`let go ${kind} ${name}`);
      },
    },
    confirm:
      faked.confirm ??
      (async () => {
        events.push('asked');
      }),
    confirmData: async (gone) => {
      events.push(`asked about ${gone.length} of data`);
    },
  };
  return {
    context: faked.context ?? context,
    ports,
    terraform,
    events,
    /** Environments of each synthesis. */
    syntheses,
    journalIsEmpty: () => journal === EMPTY_JOURNAL,
    destroyed: () => terraform.destroyed,
  };
}
