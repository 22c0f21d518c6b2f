import { columns } from '#operator/cli/columns.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { otherRegion, type RegionType } from '#stacks/context.ts';
import type { KeyChange } from './change-keys.ts';
import type { KeyPlace } from './key-stacks.ts';
import { describeRepairs, type RegionKeys, repairsOf } from './stage-keys.ts';

/** Keys of one place as `list` shows them. */
export interface ListedKeys {
  /** What a command line needs besides the stage to mean this place. */
  readonly flags: string;
  readonly parameter: string;
  readonly environments: readonly string[];
  readonly regions: readonly RegionKeys[];
  /** What is not as the primary region's parameter says, in sentences. */
  readonly problems: readonly string[];
}

/** The keys of a place, with what each region lacks. */
export function listed({ parameter, environments, flags }: KeyPlace, regions: readonly RegionKeys[]): ListedKeys {
  return { flags, parameter, environments, regions, problems: repairsOf(regions).map(describeRepairs) };
}

/** A table per place: each region's keys by fingerprint. */
export function describeList(places: readonly ListedKeys[], stage: string, colors: Colors): string {
  const blocks = places.map(({ parameter, environments, regions, problems }) =>
    [
      colors.bold(`${environments.join(', ')} (${parameter})`),
      ...columns(regions.flatMap(rowsOf)).map((line) => `  ${line}`),
      ...problems.map((text) => colors.red(`  ${text}`)),
    ].join('\n'),
  );
  const remedies = places
    .filter(({ problems }) => problems.length > 0)
    .map(({ flags }) => `Repair it: two-region keys sync ${stage}${flags}`);
  return [...blocks, ...(remedies.length > 0 ? [remedies.join('\n')] : [])].join('\n\n');
}

function rowsOf({ regionType, region, wanted, admitted }: RegionKeys): string[][] {
  const keys = [...new Set([...wanted, ...(admitted ?? []).map((key) => key.fingerprint)])];
  if (keys.length === 0) return [[regionType, region, '-', 'no key']];
  return keys.map((key) => {
    const found = admitted?.find((one) => one.fingerprint === key);
    const role = ['current', 'previous'][wanted.indexOf(key)] ?? 'not in the parameter';
    const state = admitted === null ? 'not deployed' : found === undefined ? 'not admitted' : enabled(found.enabled);
    return [regionType, region, key, role, state];
  });
}

function enabled(is: boolean): string {
  return is ? 'enabled' : 'disabled';
}

/** What was done to a place's keys, and what can be done next. @param without - region that is lost. @default - none */
export function describeChange(change: KeyChange, place: KeyPlace, colors: Colors, without?: RegionType): string {
  const { stage, outcome, current, previous, environments, value } = change;
  const where = environments.join(', ');
  const read = `two-region params get ${stage} ${place.parameter}${place.stageFlags} --reveal`;
  const regions = without === undefined ? 'both regions' : `the ${otherRegion(without)} region`;
  const show = value === undefined ? [] : [`It is kept in ${regions}, and shown by: ${read}`];
  switch (outcome) {
    case 'created':
      return [
        `Key ${current} of ${where} is made.`,
        ...show,
        `Admit it: two-region deploy ${stage}${place.stageFlags}`,
      ].join('\n');
    case 'rotated':
      return [
        colors.green(`${where}: ${current} is the key now; ${previous} stays valid.`),
        ...show,
        `When nobody uses ${previous} any more: two-region keys rotate ${stage}${place.flags} --finish`,
      ].join('\n');
    case 'finished':
      return colors.green(`${where}: ${current} is the only key now.`);
    default: {
      const keys = previous === null ? current : `${current}, and still ${previous}`;
      const verb = without === undefined ? 'admit' : 'admits';
      const done = `${regions} ${verb}${outcome === 'unchanged' ? '' : ' again'}`;
      return colors.green(`${where}: ${done} ${keys}.`);
    }
  }
}
