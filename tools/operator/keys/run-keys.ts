import { PREVIEW } from '#functions/environment.ts';
import { confirm } from '#operator/cli/confirm.ts';
import { type CommandReport, runCommand, runInStage, type Surroundings } from '#operator/cli/run-command.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import { describeResult } from '#operator/deploy/describe-deploy.ts';
import { underLocalLock } from '#operator/journal/local-records.ts';
import { awsSwitchRecords } from '#operator/journal/stage-records.ts';
import { requireFinished } from '#operator/journal/unfinished.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { awsStores } from '#operator/parameters/open-stores.ts';
import { terraformOf } from '#operator/terraform/command-terraform.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import { underUsableStage } from '#operator/without/aws-usable.ts';
import type { StageContext } from '#stacks/context.ts';
import { gatewayKeys } from './admitted-keys.ts';
import { createKey, finishRotation, type KeyChange, type KeyPorts, rotateKey, syncKeys } from './change-keys.ts';
import { describeChange, describeList, listed } from './describe-keys.ts';
import { type KeyPlace, keyPlace, keyStacks } from './key-stacks.ts';
import { localKeySources, localKeyStacks } from './local-keys.ts';
import { type KeySources, readKeys } from './stage-keys.ts';

/** What commands need to mean the local runtime. */
const LOCAL = ' --local';

interface KeysFlags {
  readonly env?: string;
  readonly finish?: true;
  readonly reveal?: true;
  readonly yes?: true;
  readonly local?: true;
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
  const list = async (context: StageContext, sources: KeySources, stageFlags = '') => {
    const wanted = flags.env === undefined ? [undefined, PREVIEW] : [flags.env];
    const places = wanted.map((environment) => keyPlace(context, environment, stageFlags));
    const keys = await Promise.all(places.map(async (place) => listed(place, await readKeys(context, place, sources))));
    return {
      text: describeList.bind(undefined, keys, context.stage),
      document: { stage: context.stage, keys: keys.map(({ flags: _, ...shown }) => shown) },
    };
  };
  const report: CommandReport<Awaited<ReturnType<typeof list>>> = {
    text: ({ text }, colors) => text(colors),
    document: ({ document }) => document,
  };
  if (!flags.local) return runInStage(stage, flags, (context) => list(context, sourcesOf(context)), report);
  return runCommand(
    flags,
    async () => {
      const { context, control } = await runningStage(stage);
      return list(context, await localKeySources(context, control), LOCAL);
    },
    report,
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
  const report: CommandReport<{ readonly place: KeyPlace; readonly done: KeyChange }> = {
    text: ({ place, done }, colors) => {
      const text = describeChange(done, place, colors);
      return flags.reveal && done.value !== undefined ? `${text}\n${done.value}` : text;
    },
    document: ({ done }) => {
      const { value: _, ...shown } = done;
      return flags.reveal ? done : shown;
    },
  };
  if (!flags.local) {
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
        return { place, done: await underUsableStage(context, work) };
      },
      report,
    );
  }
  return runCommand(
    flags,
    async () => {
      const { context, control } = await runningStage(stage);
      const place = keyPlace(context, flags.env, LOCAL);
      const ports: KeyPorts = {
        ...(await localKeySources(context, control)),
        stacks: localKeyStacks(control),
        confirm: (what) => confirm({ what, word: context.stage, yes: flags.yes === true || !place.isLive }),
      };
      return { place, done: await underLocalLock(control, () => make(context, place, ports)) };
    },
    report,
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
