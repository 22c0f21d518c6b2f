import { stop as endBundler } from 'esbuild';
import { z } from 'zod';
import { bundleFunctions } from '#constructs/bundle/function-bundle.ts';
import { operations } from '#contract/index.ts';
import type { Operation } from '#contract/operation.ts';
import { environment } from '#functions/environment.ts';
import { readStacks, type SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { StageContext } from '#stacks/context.ts';
import { SCHEDULED_FUNCTIONS } from '#stacks/naming.ts';
import type { ReleaseRecords } from '#stacks/release-record.ts';
import { createStageApp, type StageContent } from '#stacks/stage-app.ts';
import { withoutTraces } from '#stacks/synthesize.ts';
import { transformFor } from '#tests/terraform/support/transformations.ts';

/** Functions of the other release → whose code they run. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  healthcheck: 'healthcheck',
  probe: 'test',
  user: 'user',
  'user-writer': 'user',
  events: 'events',
  ...Object.fromEntries(SCHEDULED_FUNCTIONS.map((name) => [name, name])),
};

/**
 * The contract with everything changed at once that a release may change: the function `test` is called `probe`; `replace-string` is gone, with
 * its function and parameter; `post-user` has a function of its own; `get-user` is called `read-user`; the health check no longer lists the bucket
 * nor reads the table `table-b`, nor does anybody; `list-events` needs no signature; `post-user` takes fewer bodies.
 */
function otherOperations(): readonly Operation[] {
  return operations.flatMap((operation): readonly Operation[] => {
    switch (operation.id) {
      case 'replace-string':
        return [];
      case 'test':
        return [
          {
            ...operation,
            function: 'probe',
            memoryMb: 512,
            timeoutSeconds: 20,
            access: without(operation.access, 'TABLE_B_NAME'),
          },
        ];
      case 'get-user':
        return [{ ...operation, id: 'read-user' }];
      case 'post-user':
        return [{ ...operation, function: 'user-writer', request: { ...operation.request, body: TIGHTER } }];
      case 'healthcheck':
        return [{ ...operation, access: without(without(operation.access, 'TABLE_B_NAME'), 'DATA_BUCKET_NAME') }];
      case 'list-events':
        return [{ ...operation, auth: 'open' }];
      default:
        return [operation];
    }
  });
}

/** The tables of the other release. */
export const otherTables = {
  'table-a': { partitionKey: 'id' },
  user: { partitionKey: 'id' },
  'preview-user': { partitionKey: 'id' },
  'event-log': { partitionKey: 'date', sortKey: 'time' },
  'preview-event-log': { partitionKey: 'date', sortKey: 'time' },
  heartbeat: { partitionKey: 'id' },
};

const TIGHTER = z.object({ name: z.string().min(2).max(10) });

/** Synthesizes the other release, for moto. @param changes - what else differs */
export async function synthesizeOtherRelease(
  context: StageContext,
  outdir: string,
  records: ReleaseRecords | undefined,
  changes: Partial<StageContent> = {},
): Promise<readonly SynthesizedStack[]> {
  const code = await bundleFunctions([...new Set(Object.values(FUNCTIONS))]);
  const bundles = new Map(
    Object.entries(FUNCTIONS).flatMap(([name, source]) => {
      const bundle = code.get(source);
      return bundle === undefined ? [] : [[name, { ...bundle, name }] as const];
    }),
  );
  const content = { operations: otherOperations(), tables: otherTables, bundles, records, ...changes };
  return synthesizeContent(context, outdir, content);
}

/** Synthesizes this kit's own release, for moto, with its parameter `replacement_map` under another name. */
export async function synthesizeRenamedParameter(
  context: StageContext,
  outdir: string,
  records: ReleaseRecords,
): Promise<readonly SynthesizedStack[]> {
  const variable = environment.REPLACEMENT_MAP_PARAMETER;
  const { parameter } = variable;
  Object.assign(variable, { parameter: RENAMED_PARAMETER });
  try {
    const bundles = await bundleFunctions([
      ...new Set([...operations.map((operation) => operation.function), ...SCHEDULED_FUNCTIONS]),
    ]);
    return await synthesizeContent(context, outdir, { operations, bundles, records });
  } finally {
    Object.assign(variable, { parameter });
  }
}

export const RENAMED_PARAMETER = 'word_map';

async function synthesizeContent(context: StageContext, outdir: string, content: StageContent) {
  await endBundler();
  withoutTraces(() => createStageApp(context, content, outdir).synth());
  const stacks = await readStacks(outdir, context.stage);
  for (const { folder } of stacks) transformFor('moto', folder);
  return stacks;
}

function without(access: Operation['access'], name: keyof Operation['access']): Operation['access'] {
  return Object.fromEntries(Object.entries(access).filter(([each]) => each !== name));
}
