import { PREVIEW } from '#functions/environment.ts';
import { confirm } from '#operator/cli/confirm.ts';
import { type CommandReport, runCommand, runInStage, type Surroundings } from '#operator/cli/run-command.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import { describeResult } from '#operator/deploy/describe-deploy.ts';
import { localSwitchRecords } from '#operator/journal/local-records.ts';
import { awsSwitchRecords } from '#operator/journal/stage-records.ts';
import { requireFinished } from '#operator/journal/unfinished.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { awsStores } from '#operator/parameters/open-stores.ts';
import { inLeftRegion, withoutFlag } from '#operator/regions/left-region.ts';
import { terraformOf } from '#operator/terraform/command-terraform.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import { underUsableStage } from '#operator/without/aws-usable.ts';
import { leftSources } from '#operator/without/left-stacks.ts';
import { underUsableRuntime } from '#operator/without/local-usable.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { gatewayKeys } from './admitted-keys.ts';
import { createKey, finishRotation, type KeyChange, type KeyPorts, rotateKey, syncKeys } from './change-keys.ts';
import { describeChange, describeList, listed } from './describe-keys.ts';
import { type KeyPlace, keyPlace, keyStacks } from './key-stacks.ts';
import { localKeySources, localKeyStacks } from './local-keys.ts';
import { changeOwing, type OwingChange } from './owed-keys.ts';
import { type KeySources, readKeys } from './stage-keys.ts';

interface KeysFlags {
  readonly env?: string;
  readonly finish?: true;
  readonly reveal?: true;
  readonly yes?: true;
  readonly local?: true;
  /** The region that is lost. @default - none */
  readonly without?: RegionType;
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
  const list = async (context: StageContext, sources: KeySources) => {
    const wanted = flags.env === undefined ? [undefined, PREVIEW] : [flags.env];
    const places = wanted.map((environment) => keyPlace(context, environment, stageFlagsOf(flags)));
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
  if (!flags.local)
    return runInStage(stage, flags, (context) => list(context, sourcesOf(context, flags.without)), report);
  return runCommand(
    flags,
    async () => {
      const { context, control } = await runningStage(stage);
      return list(context, await localKeySources(context, control, flags.without));
    },
    report,
  );
}

/** What stands behind the stage's name in commands that follow. */
function stageFlagsOf({ local, without }: KeysFlags): string {
  return `${local ? ' --local' : ''}${withoutFlag(without)}`;
}

function sourcesOf(context: StageContext, without?: RegionType): KeySources {
  const admitted = { primary: gatewayKeys(context, 'primary'), secondary: gatewayKeys(context, 'secondary') };
  return { stores: awsStores(context), admitted, ...(without && { without }) };
}

/** Runs one of the changes; the new key is printed only where it is asked for. */
function change(
  stage: string,
  flags: KeysFlags,
  make: (context: StageContext, place: KeyPlace, ports: KeyPorts) => Promise<KeyChange>,
): Promise<void> {
  const report: CommandReport<OwingChange> = {
    text: ({ place, done }, colors) => {
      const text = describeChange(done, place, colors, flags.without);
      return flags.reveal && done.value !== undefined ? `${text}\n${done.value}` : text;
    },
    document: ({ done }) => {
      const { value: _, ...shown } = done;
      return flags.reveal ? done : shown;
    },
    remark: ({ lacking }) => lacking?.join('\n'),
  };
  const { without } = flags;
  if (!flags.local) {
    return runInStage(
      stage,
      flags,
      async (given, surroundings) => {
        const context = inLeftRegion(given, without);
        const place = keyPlace(context, flags.env, stageFlagsOf(flags));
        const ports = portsOf(context, place, surroundings, flags);
        surroundings.view.phase(without === undefined ? 'reading the keys of both regions' : 'reading the keys');
        const { journal, catchUp } = awsSwitchRecords(context, without);
        const work = async () => {
          // Its stacks are applied with the target, which is none while a switch is neither here nor there.
          requireFinished({ stage: context.stage, flags: withoutFlag(without) }, await journal.read());
          return changeOwing(catchUp, context, place, ports, make);
        };
        return underUsableStage(given, work, without);
      },
      report,
    );
  }
  return runCommand(
    flags,
    async () => {
      const { context, control } = await runningStage(stage);
      const place = keyPlace(context, flags.env, stageFlagsOf(flags));
      const ports: KeyPorts = {
        ...(await localKeySources(context, control, without)),
        stacks: localKeyStacks(control),
        confirm: (what) => confirm({ what, word: context.stage, yes: flags.yes === true || !place.isLive }),
      };
      const { catchUp } = localSwitchRecords(control);
      const work = () => changeOwing(catchUp, context, place, ports, make);
      return underUsableRuntime({ context, control }, work, without);
    },
    report,
  );
}

function portsOf(context: StageContext, place: KeyPlace, surroundings: Surroundings, flags: KeysFlags): KeyPorts {
  const { view, colors } = surroundings;
  const { terraform } = terraformOf(surroundings);
  const { without } = flags;
  const stacks = keyStacks(context, {
    live: leftSources(context, awsLiveSources(context), without),
    without,
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
    ...sourcesOf(context, without),
    stacks,
    confirm: async (what) => {
      view.end();
      await confirm({ what, word: context.stage, yes: flags.yes === true || !place.isLive });
    },
  };
}
