import { PREVIEW } from '#functions/environment.ts';
import { accessOf } from '#operator/aws/aws-access.ts';
import { explainingCredentials } from '#operator/aws/credentials-error.ts';
import { confirm } from '#operator/cli/confirm.ts';
import { progressView } from '#operator/cli/progress-view.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { describeResult } from '#operator/deploy/describe-deploy.ts';
import { underStageLock } from '#operator/journal/stage-records.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { awsStores } from '#operator/parameters/open-stores.ts';
import { listenForInterruption } from '#operator/terraform/interruption.ts';
import { openTerraform } from '#operator/terraform/open-terraform.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import type { StageContext } from '#stacks/context.ts';
import { gatewayKeys } from './admitted-keys.ts';
import { createKey, finishRotation, type KeyChange, type KeyPorts, rotateKey, syncKeys } from './change-keys.ts';
import { describeChange, describeList, listed } from './describe-keys.ts';
import { type KeyPlace, keyPlace, keyStacks } from './key-stacks.ts';

import { type KeySources, readKeys } from './stage-keys.ts';

export interface KeysFlags {
  readonly env?: string;
  readonly finish?: true;
  readonly reveal?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** `keys create`. */
export function runCreate(stage: string, flags: KeysFlags): Promise<void> {
  return change(stage, flags, createKey);
}

/** `keys rotate`, and with `--finish` the end of a rotation. */
export function runRotate(stage: string, flags: KeysFlags): Promise<void> {
  return change(stage, flags, flags.finish ? finishRotation : rotateKey);
}

/** `keys sync`. */
export function runSync(stage: string, flags: KeysFlags): Promise<void> {
  return change(stage, flags, syncKeys);
}

/** `keys list`: fingerprints, never values. */
export async function runList(stage: string, flags: KeysFlags): Promise<void> {
  const context = loadStageContext(stage);
  const places = (flags.env === undefined ? [undefined, PREVIEW] : [flags.env]).map((env) => keyPlace(context, env));
  const lists = await explainingCredentials(accessOf(context), () =>
    Promise.all(places.map(async (place) => listed(place, await readKeys(context, place, sourcesOf(context))))),
  );
  const text = () => describeList(lists, context.stage, colorsFor(process.stdout));
  console.log(flags.json ? JSON.stringify({ stage: context.stage, keys: lists }) : text());
}

function sourcesOf(context: StageContext): KeySources {
  const admitted = { primary: gatewayKeys(context, 'primary'), secondary: gatewayKeys(context, 'secondary') };
  return { stores: awsStores(context), admitted };
}

/** Runs one of the changes; progress goes to stderr, the report to stdout, the new key only where it is asked for. */
async function change(
  stage: string,
  flags: KeysFlags,
  make: (context: StageContext, place: KeyPlace, ports: KeyPorts) => Promise<KeyChange>,
): Promise<void> {
  const context = loadStageContext(stage);
  const place = keyPlace(context, flags.env);
  const colors = colorsFor(process.stderr);
  const view = progressView(process.stderr, colors);
  const interruption = listenForInterruption((message) => view.line(message));
  const terraform = openTerraform({ signal: interruption.signal, onProgress: (progress) => view.progress(progress) });
  const stacks = keyStacks(context, {
    live: awsLiveSources(context),
    synthesize: () => {
      view.phase('synthesizing');
      return synthesizeStacks(context);
    },
    terraform,
    onResult: (result) => {
      view.finished(result.stack);
      view.line(describeResult(result, colors));
    },
  });
  const ports: KeyPorts = {
    ...sourcesOf(context),
    stacks,
    confirm: async (what) => {
      view.end();
      await confirm({ what, word: context.stage, yes: flags.yes === true || !place.isLive });
    },
  };
  try {
    view.phase('reading the keys of both regions');
    const done = await explainingCredentials(accessOf(context), () =>
      underStageLock(context, () => make(context, place, ports)),
    );
    view.end();
    report(done, place, flags);
  } finally {
    view.end();
    interruption.dispose();
    await terraform.close();
  }
}

function report(done: KeyChange, place: KeyPlace, { reveal, json }: KeysFlags): void {
  const { value, ...shown } = done;
  if (json) console.log(JSON.stringify(reveal ? done : shown));
  else console.log(describeChange(done, place, colorsFor(process.stdout)));
  if (!json && reveal && value !== undefined) console.log(value);
}
