import type { RegionMessage, RegionsMessage } from '#local/control/regions-schema.ts';
import type { ReleaseChange } from '#local/release/release-changes.ts';
import type { Synthesis } from '#local/runtime/load-model.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import type { RunningStage } from '#operator/cli/running-stage.ts';
import { localSwitchRecords } from '#operator/journal/local-records.ts';
import { requireFinished } from '#operator/journal/unfinished.ts';
import { idleEnvironment } from '#operator/live/target.ts';
import { regionsLeft } from '#operator/regions/left-region.ts';
import { otherRegion, type RegionType } from '#stacks/context.ts';
import { didYouMean } from '#stacks/settings/problem.ts';
import { inReleaseFolder } from './release-folder.ts';

export interface LocalDeployPorts {
  /** Finds mistakes of types in the project's folder. @throws RefusedError that names them */
  readonly checkTypes: (directory: string) => Promise<void>;
  readonly synthesize: (options: {
    readonly directory: string;
    readonly stage: string;
    readonly outdir: string;
  }) => Promise<Synthesis>;
  readonly confirmLive: (environment: string) => Promise<void>;
  /** Asked before what every environment has at once becomes something else. @throws RefusedError or CancelledError when it must not */
  readonly confirmLiveChange: (changes: readonly ReleaseChange[]) => Promise<void>;
  readonly onPhase: (phase: string) => void;
  /** Writes down what a region that is lost will lack, before the release is made. @returns all that it has to catch up on, in sentences */
  readonly owe?: (environment: string) => Promise<readonly string[]>;
}

/** A function's version in one region, before and after. */
interface VersionChange {
  readonly function: string;
  readonly region: string;
  /** `undefined` where the function is new. */
  readonly before: string | undefined;
  readonly version: string;
  /** Of the code, base64. */
  readonly codeSha256: string;
}

/** What a local deploy came to. */
export interface LocalDeployReport {
  readonly stage: string;
  /** That receives the traffic, before and after. */
  readonly target: string;
  readonly environment: string;
  readonly versions: readonly VersionChange[];
  /** What else has changed, and what every environment has got at once. */
  readonly changes: readonly ReleaseChange[];
  /** The region that was left out. @default - none was */
  readonly without?: RegionType;
  /** What that one has to catch up on, in sentences. */
  readonly catchUp?: readonly string[];
}

export interface LocalDeployOptions {
  /** @default - the one that does not receive the traffic */
  readonly environment?: string | undefined;
  /** Functions that were promoted take their newest version, too. @default false */
  readonly withNewVersions?: boolean;
  /** The region that is lost, and stays as it is. @default - none */
  readonly without?: RegionType | undefined;
}

/**
 * Releases the present code in one environment of the running local runtime. It is checked and synthesized into a folder of its own, which
 * is gone afterwards, however it ends: the runtime keeps copies.
 *
 * @throws RefusedError, and what the synthesis or the runtime has found wrong; nothing has changed then
 */
export async function deployLocally(
  { context: { settings, stage }, control }: RunningStage,
  { environment, withNewVersions = false, without }: LocalDeployOptions,
  directory: string,
  ports: LocalDeployPorts,
): Promise<LocalDeployReport> {
  const before = await control.regions();
  const target = theTarget(before, without);
  const chosen = environment ?? idleEnvironment(settings.apiEnvironments, target);
  requireKnown(chosen, settings.apiEnvironments);
  requireFinished({ stage, flags: ' --local' }, await localSwitchRecords(control).journal.read());
  if (chosen === target) await ports.confirmLive(chosen);
  ports.onPhase('checking types');
  await ports.checkTypes(directory);
  return inReleaseFolder(directory, async (outdir) => {
    ports.onPhase('synthesizing');
    const synthesis = await ports.synthesize({ directory, stage, outdir });
    const release = { environment: chosen, synthesis, withNewVersions, ...(without && { without }) };
    ports.onPhase('comparing');
    const changes = await control.plan(release);
    const live = changes.filter((change) => change.live);
    if (live.length > 0) await ports.confirmLiveChange(live);
    const catchUp = await ports.owe?.(chosen);
    ports.onPhase('releasing');
    const versions = versionChanges(before, await control.deploy(release), chosen, without);
    const left = without && { without, ...(catchUp && { catchUp }) };
    return { stage, target, environment: chosen, versions, changes, ...left };
  });
}

/** Where the public names lead. @param without - region whose names count for nothing. @default - none @throws RefusedError where they don't agree */
export function theTarget({ targets }: RegionsMessage, without?: RegionType): string {
  const parts = Object.entries(targets).filter(
    ([part]) => without === undefined || part === `entry-${otherRegion(without)}`,
  );
  const [target = '', ...others] = new Set(parts.map(([, environment]) => environment));
  if (others.length === 0) return target;
  const list = [target, ...others].join(' and ');
  throw new RefusedError(
    `The public names lead to ${list}. First: two-region switch --resume or --revert, with --local.`,
  );
}

export function requireKnown(environment: string, known: readonly string[]): void {
  if (known.includes(environment)) return;
  const hint = didYouMean(environment, known);
  throw new RefusedError(
    `There is no environment ${JSON.stringify(environment)}, allowed are ${known.join(', ')}.${hint}`,
  );
}

function versionChanges(
  before: RegionsMessage,
  after: RegionsMessage,
  environment: string,
  without: RegionType | undefined,
): VersionChange[] {
  return regionsLeft(without).flatMap((type) =>
    after.regions[type].functions.flatMap((each) => {
      const version = each.aliases[environment];
      if (version === undefined) return [];
      const codeSha256 = each.versions.find((one) => one.version === version)?.codeSha256 ?? '';
      const previous = aliasOf(before.regions[type], each.name, environment);
      return [{ function: each.name, region: after.regions[type].region, before: previous, version, codeSha256 }];
    }),
  );
}

function aliasOf({ functions }: RegionMessage, name: string, environment: string): string | undefined {
  return functions.find((each) => each.name === name)?.aliases[environment];
}
