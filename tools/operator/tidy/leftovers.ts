import type { ReleaseRecord } from '#stacks/release-record.ts';
import type { TidySettings } from '#stacks/settings/settings.ts';

/** What one region has of the kinds that pile up. */
export interface Inventory {
  readonly functions: readonly FunctionInventory[];
  /** Objects of the packages' bucket, with every version. */
  readonly packages: readonly PackageVersion[];
  readonly apis: readonly ApiInventory[];
  /** Log groups of what there is no more. */
  readonly logGroups: readonly LogGroup[];
  /** Bytes of packages that Lambda keeps for the account in this region, of how many. @default - Lambda does not tell */
  readonly storage?: { readonly used: number; readonly limit: number };
}

interface FunctionInventory {
  /** Physical name. */
  readonly name: string;
  /** Function of the contract. */
  readonly function: string;
  readonly versions: readonly { readonly version: string; readonly bytes: number; readonly made: Date }[];
  /** Versions that aliases lead to, also with a part of the calls. */
  readonly aliased: readonly string[];
}

export interface PackageVersion {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly bytes: number;
  readonly made: Date;
  readonly isLatest: boolean;
}

interface ApiInventory {
  readonly kind: 'http' | 'rest';
  readonly id: string;
  readonly deployments: readonly { readonly id: string; readonly made: Date }[];
  /** Deployments that stages serve. */
  readonly served: readonly string[];
}

export interface LogGroup {
  readonly name: string;
  readonly bytes: number;
  /** When it was written to last; when it was made, where it never was. */
  readonly written: Date;
}

/** Something that nothing needs. */
export type Leftover = { readonly bytes: number; readonly made: Date } & (
  | { readonly kind: 'deployment'; readonly api: 'http' | 'rest'; readonly apiId: string; readonly id: string }
  | { readonly kind: 'log group'; readonly name: string }
  | { readonly kind: 'package'; readonly bucket: string; readonly key: string; readonly versionId: string }
  | { readonly kind: 'version'; readonly name: string; readonly version: string }
);

/** Of what AWS tells no time of nobody knows that it is old. */
export const UNKNOWN_TIME = new Date(8.64e15);

const DAY_MILLISECONDS = 86_400_000;

/**
 * What of a region's inventory no alias, pin, environment or record needs, and so no rollback, and the policy does not keep.
 *
 * @param records - of the region's environments
 * @param now - milliseconds since the epoch
 */
export function leftoversIn(
  inventory: Inventory,
  records: readonly ReleaseRecord[],
  { keepNewest, afterDays }: TidySettings,
  now: number,
): readonly Leftover[] {
  const isOld = (made: Date) => made.getTime() <= now - afterDays * DAY_MILLISECONDS;
  const beyondNewest = <T extends { readonly made: Date }>(all: readonly T[]) => all.slice(keepNewest);
  const recorded = records.flatMap(({ functions }) => Object.entries(functions));

  const versions = inventory.functions.flatMap(({ name, function: fn, versions: all, aliased }) => {
    const named = recorded.flatMap(([each, { version }]) => (each === fn ? [version] : []));
    const needed = new Set([...aliased, ...named]);
    const published = all.filter(({ version }) => version !== '$LATEST');
    const newestFirst = published.toSorted((one, other) => Number(other.version) - Number(one.version));
    return beyondNewest(newestFirst)
      .filter(({ version, made }) => !needed.has(version) && isOld(made))
      .map(({ version, bytes, made }): Leftover => ({ kind: 'version', name, version, bytes, made }));
  });

  const keys = [...new Set(inventory.packages.map(({ key }) => key))];
  const packages = keys.flatMap((key) => {
    const newestFirst = inventory.packages.filter((each) => each.key === key).toSorted(byTime);
    const isNamed = ({ bucket, versionId }: PackageVersion) =>
      recorded.some(([, { package: of }]) => of.bucket === bucket && of.key === key && of.version === versionId);
    return beyondNewest(newestFirst)
      .filter((each) => !each.isLatest && !isNamed(each) && isOld(each.made))
      .map(
        ({ bucket, versionId, bytes, made }): Leftover => ({ kind: 'package', bucket, key, versionId, bytes, made }),
      );
  });

  const deployments = inventory.apis.flatMap(({ kind: api, id: apiId, deployments: all, served }) => {
    // Where no stage names one, nobody can tell which are served.
    if (served.length === 0) return [];
    return beyondNewest(all.toSorted(byTime))
      .filter(({ id, made }) => !served.includes(id) && isOld(made))
      .map(({ id, made }): Leftover => ({ kind: 'deployment', api, apiId, id, bytes: 0, made }));
  });

  const groups = inventory.logGroups
    .filter(({ written }) => isOld(written))
    .map(({ name, bytes, written }): Leftover => ({ kind: 'log group', name, bytes, made: written }));
  return [...versions, ...packages, ...deployments, ...groups];
}

function byTime(one: { readonly made: Date }, other: { readonly made: Date }): number {
  return other.made.getTime() - one.made.getTime();
}
