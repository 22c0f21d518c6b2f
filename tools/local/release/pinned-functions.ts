import type { LambdaFunction, LocalModel, RegionModel, RegionType } from '#local/model/model.ts';
import type { PublishedVersion } from './version-book.ts';

/** Function → the version that deploys leave it at, in each region. */
export type Pinned = Readonly<Record<RegionType, ReadonlyMap<string, PublishedVersion>>>;

/**
 * The model in which one environment's aliases lead to pinned versions, with the roles that those run with. A function that the model does not
 * have any more is gone, pinned or not.
 *
 * @returns the same model where nothing of it is pinned
 */
export function withPinned(model: LocalModel, pinned: Pinned, environment: string): LocalModel {
  const { primary, secondary } = model.regions;
  const isPinned = ({ type, functions }: RegionModel) => functions.some(({ name }) => pinned[type].has(name));
  if (!isPinned(primary) && !isPinned(secondary)) return model;
  const change = (region: RegionModel): RegionModel => {
    const versions = region.functions.flatMap(({ name }) => pinned[region.type].get(name) ?? []);
    const known = new Set(region.roles.map(({ arn }) => arn));
    const roles = versions.flatMap((version) => version.roles).filter(({ arn }) => !known.has(arn));
    const functions = region.functions.map((each) =>
      pinnedFunction(each, pinned[region.type].get(each.name), environment),
    );
    return { ...region, functions, roles: [...region.roles, ...roles] };
  };
  return { ...model, regions: { primary: change(primary), secondary: change(secondary) } };
}

function pinnedFunction(
  each: LambdaFunction,
  published: PublishedVersion | undefined,
  environment: string,
): LambdaFunction {
  if (published === undefined) return each;
  const version = String(published.version);
  const aliases = each.aliases.map((alias) =>
    alias.name === environment ? { ...alias, functionVersion: version } : alias,
  );
  const records = { ...each.records, ...recordOf(each, published, environment) };
  return { ...published.lambdaFunction, version, aliases, permissions: each.permissions, records };
}

/** A version keeps the tables that it was made for, and has the routes that lead to it now. */
function recordOf(each: LambdaFunction, { lambdaFunction }: PublishedVersion, environment: string) {
  const [now, made] = [each.records?.[environment], Object.values(lambdaFunction.records ?? {})[0]];
  return now && made && { [environment]: { tables: made.tables, routes: now.routes } };
}
