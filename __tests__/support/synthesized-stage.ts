import './cdktf-matchers.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerraformStack, Testing } from 'cdktf';
import type { ReleaseRecords } from '#stacks/release-record.ts';
import { loadSettings, type Settings } from '#stacks/settings/index.ts';
import { createApp } from '#stacks/synthesize.ts';

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
 * Synthesizes every stack of a stage, as main.ts would, with references across stacks in place.
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
  const outdir = mkdtempSync(join(tmpdir(), 'two-region-synth-'));
  const settings = { ...loadSettings('settings.conf'), ...changes };
  const app = await createApp({ settings, stage }, outdir, records);
  const stacks = app.node.children.filter((child) => TerraformStack.isStack(child));
  for (const stack of stacks) stack.prepareStack();
  const json = new Map(stacks.map((stack) => [stack.node.id, Testing.synth(stack)]));
  rmSync(outdir, { recursive: true });
  return (name) => {
    const text = json.get(`${stage}-${name}`);
    if (text === undefined) throw new Error(`No stack ${stage}-${name}; there are ${[...json.keys()].join(', ')}.`);
    const parsed = JSON.parse(text);
    return {
      json: text,
      parsed,
      resources: (type) => Object.values(parsed.resource?.[type] ?? {}),
      dataSources: (type) => Object.values(parsed.data?.[type] ?? {}),
    };
  };
}
