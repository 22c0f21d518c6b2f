import './cdktf-matchers.ts';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformStack, Testing } from 'cdktf';
import type { StageContext } from '#stacks/context.ts';
import type { ReleaseRecords } from '#stacks/release-record.ts';
import { loadSettings, type Settings } from '#stacks/settings/index.ts';
import { createApp, withoutTraces } from '#stacks/synthesize.ts';
import { sharedFolder } from './run/shared-folder.ts';

type Block = Readonly<Record<string, unknown>>;

/** One stack as Terraform reads it. */
export interface SynthesizedStack {
  /** The JSON, for cdktf's matchers. */
  readonly json: string;
  /** Attributes of every resource of a type. */
  readonly resources: (type: string) => readonly Block[];
  /** Attributes of every data source of a type. */
  readonly dataSources: (type: string) => readonly Block[];
  readonly parsed: {
    readonly terraform: Block;
    readonly provider: { readonly aws: readonly Block[] };
    readonly variable?: Readonly<Record<string, Block>>;
    readonly removed?: readonly Block[];
  };
}

/**
 * Synthesizes every stack of a stage, as main.ts would, with references across stacks in place; once for all test files of a run.
 *
 * @param changes - what differs from the shipped settings.conf
 * @param records - what the stage's environments run. @default - nothing is deployed
 * @returns the stack of an id without its stage: `api-primary`
 */
export async function synthesizeStage(
  stage = 'dev',
  changes: Partial<Settings> = {},
  records?: ReleaseRecords,
): Promise<(name: string) => SynthesizedStack> {
  const settings = { ...loadSettings('settings.conf'), ...changes };
  const folder = await sharedFolder({ settings, stage, records }, async (draft) => {
    for (const [id, json] of await synthesize(draft, { settings, stage }, records)) {
      writeFileSync(join(draft, `${id}.json`), json);
    }
  });
  const texts = new Map<string, string>();
  return (name) => {
    const file = join(folder, `${stage}-${name}.json`);
    if (!existsSync(file)) throw new Error(`No stack ${stage}-${name}; there are ${readdirSync(folder).join(', ')}.`);
    const text = texts.get(name) ?? readFileSync(file, 'utf8');
    texts.set(name, text);
    const parsed = JSON.parse(text);
    return {
      json: text,
      parsed,
      resources: (type) => Object.values(parsed.resource?.[type] ?? {}),
      dataSources: (type) => Object.values(parsed.data?.[type] ?? {}),
    };
  };
}

async function synthesize(folder: string, context: StageContext, records?: ReleaseRecords) {
  const outdir = join(folder, 'assets');
  const app = await createApp(context, outdir, records);
  const stacks = app.node.children.filter((child) => TerraformStack.isStack(child));
  const json = withoutTraces(() => {
    for (const stack of stacks) stack.prepareStack();
    return stacks.map((stack) => [stack.node.id, Testing.synth(stack)] as const);
  });
  rmSync(outdir, { recursive: true });
  return json;
}
