import { PREVIEW } from '#functions/environment.ts';
import { confirm } from '#operator/cli/confirm.ts';
import { runInStage, type Surroundings } from '#operator/cli/run-command.ts';
import { describeResult } from '#operator/deploy/describe-deploy.ts';
import { awsSwitchRecords, underStageLock } from '#operator/journal/stage-records.ts';
import { requireFinished } from '#operator/journal/unfinished.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { awsStores } from '#operator/parameters/open-stores.ts';
import { terraformOf } from '#operator/terraform/command-terraform.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import type { StageContext } from '#stacks/context.ts';
import { gatewayKeys } from './admitted-keys.ts';
import { createKey, finishRotation, type KeyChange, type KeyPorts, rotateKey, syncKeys } from './change-keys.ts';
import { describeChange, describeList, listed } from './describe-keys.ts';
import { type KeyPlace, keyPlace, keyStacks } from './key-stacks.ts';
import { type KeySources, readKeys } from './stage-keys.ts';

interface KeysFlags {
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
export function runList(stage: string, flags: KeysFlags): Promise<void> {
  return runInStage(
    stage,
    flags,
    async (context) => {
      const wanted = flags.env === undefined ? [undefined, PREVIEW] : [flags.env];
      const places = wanted.map((environment) => keyPlace(context, environment));
      const sources = sourcesOf(context);
      const keys = await Promise.all(
        places.map(async (place) => listed(place, await readKeys(context, place, sources))),
      );
      return { stage: context.stage, keys };
    },
    { text: ({ keys, stage: name }, colors) => describeList(keys, name, colors) },
  );
}

function sourcesOf(context: StageContext): KeySources {
  const admitted = { primary: gatewayKeys(context, 'primary'), secondary: gatewayKeys(context, 'secondary') };
  return { stores: awsStores(context), admitted };
}

/** Runs one of the changes; the new key is printed only where it is asked for. */
function change(
  stage: string,
  flags: KeysFlags,
  make: (context: StageContext, place: KeyPlace, ports: KeyPorts) => Promise<KeyChange>,
): Promise<void> {
  return runInStage(
    stage,
    flags,
    async (context, surroundings) => {
      const place = keyPlace(context, flags.env);
      const ports = portsOf(context, place, surroundings, flags);
      surroundings.view.phase('reading the keys of both regions');
      const work = async () => {
        // Its stacks are applied with the target, which is none while a switch is neither here nor there.
        requireFinished({ stage: context.stage, flags: '' }, await awsSwitchRecords(context).journal.read());
        return make(context, place, ports);
      };
      return { place, done: await underStageLock(context, work) };
    },
    {
      text: ({ place, done }, colors) => {
        const text = describeChange(done, place, colors);
        return flags.reveal && done.value !== undefined ? `${text}\n${done.value}` : text;
      },
      document: ({ done }) => {
        const { value: _, ...shown } = done;
        return flags.reveal ? done : shown;
      },
    },
  );
}

function portsOf(context: StageContext, place: KeyPlace, surroundings: Surroundings, flags: KeysFlags): KeyPorts {
  const { view, colors } = surroundings;
  const { terraform } = terraformOf(surroundings);
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
  return {
    ...sourcesOf(context),
    stacks,
    confirm: async (what) => {
      view.end();
      await confirm({ what, word: context.stage, yes: flags.yes === true || !place.isLive });
    },
  };
}
