import { isDeepStrictEqual } from 'node:util';
import type { RegionalGateway } from '#local/gateway/gateway-server.ts';
import type { LocalModel, RegionModel, RegionType, Table } from '#local/model/model.ts';
import { ReleaseError } from './release-error.ts';

export const REGION_TYPES = ['primary', 'secondary'] as const satisfies readonly RegionType[];

/** Names of the gateway stages of the primary region, REST APIs' first. */
export function environmentsOf({ regions: { primary } }: LocalModel): readonly string[] {
  const apis = [...primary.restApis, ...(primary.httpApis ?? [])];
  return [...new Set(apis.flatMap(({ stages }) => stages.map(({ name }) => name)))];
}

/** Whether an environment's aliases all lead to the newest code. */
export function isOnLatest({ regions: { primary } }: LocalModel, environment: string): boolean {
  const aliases = primary.functions.flatMap(({ aliases }) => aliases.filter(({ name }) => name === environment));
  return aliases.length > 0 && aliases.every(({ functionVersion }) => functionVersion === '$LATEST');
}

/** @throws ReleaseError for an environment that there is not, or that no release goes to */
export function requireReleasable(environment: string, known: readonly string[], following: readonly string[]): void {
  const allowed = known.filter((each) => !following.includes(each));
  if (allowed.includes(environment)) return;
  const why = following.includes(environment) ? ': it follows the working tree' : '';
  throw new ReleaseError(
    'unknown',
    `got the environment ${JSON.stringify(environment)}${why}, allowed: ${allowed.join(', ')}.`,
  );
}

/** A region that has failed takes no changes: its control plane is part of it. @param types - @default both @throws ReleaseError */
export function requireAnswering(
  model: LocalModel,
  regions: Readonly<
    Record<RegionType, { readonly gateways: Readonly<Record<string, Pick<RegionalGateway, 'failed'>>> }>
  >,
  types: readonly RegionType[] = REGION_TYPES,
): void {
  for (const type of types) {
    if (!Object.values(regions[type].gateways).some((gateway) => gateway.failed())) continue;
    const { region } = model.regions[type];
    const remedy = `First: two-region local recover ${type}`;
    throw new ReleaseError('unavailable', `The ${type} region ${region} does not answer. ${remedy}`);
  }
}

/**
 * Environments share data, names and regions: what is new there is made, and what is there cannot become something else. All that is wrong at once.
 *
 * @param before - what both regions hold now
 * @param environment - that the release is for. @default - those that follow the working tree
 * @throws ReleaseError
 */
export function requireServable(before: LocalModel, next: LocalModel, environment: string | undefined): void {
  const problems = REGION_TYPES.flatMap((type) => {
    const [here, there] = [before.regions[type], next.regions[type]];
    if (here.region !== there.region) return [`the ${type} region is ${there.region}, not ${here.region}: start anew`];
    return changedTables(here, there);
  });
  if (environment !== undefined && !environmentsOf(next).includes(environment)) {
    problems.push(`it has no environment ${environment}`);
  }
  if (before.stage !== next.stage) problems.push(`it is of the stage ${next.stage}, and ${before.stage} runs`);
  if (problems.length > 0) {
    throw new ReleaseError('invalid', `The running runtime cannot serve the release: ${problems.join('; ')}.`);
  }
}

function changedTables(here: RegionModel, there: RegionModel): string[] {
  const known = findersOf(here.tables);
  return [...findersOf(there.tables)].flatMap(([name, keys]) => {
    const before = known.get(name) ?? keys;
    if (before === keys) return [];
    return [
      `the table ${name} of ${here.region} is found by ${before}, not by ${keys}, and the key of a table or of an index ` +
        'cannot be changed: declare another one beside it',
    ];
  });
}

/** What items are found by, `date (S) and time (S)`: of a table by its name, of an index by `table/index`. */
export function findersOf(tables: readonly Table[]): ReadonlyMap<string, string> {
  return new Map(
    tables.flatMap(({ name, attributes, globalIndexes = [], ...table }) => {
      const typed = (key: string) => `${key} (${attributes.find((attribute) => attribute.name === key)?.type ?? '?'})`;
      const keysOf = ({ hashKey, rangeKey }: Pick<Table, 'hashKey' | 'rangeKey'>) =>
        (rangeKey === undefined ? [hashKey] : [hashKey, rangeKey]).map(typed).join(' and ');
      return [
        [name, keysOf(table)] as const,
        ...globalIndexes.map((index) => [`${name}/${index.name}`, keysOf(index)] as const),
      ];
    }),
  );
}

/** What of a model only a start of the runtime serves, where it is another than at the start: names, DNS, environments. */
export function fixedAtStart(start: LocalModel, next: LocalModel): readonly string[] {
  const namesOf = ({ regions: { primary, secondary } }: LocalModel) =>
    [primary, secondary].map(({ domains }) => domains.map(({ mappings: _, ...domain }) => domain));
  const environments = [environmentsOf(start), environmentsOf(next)].map((names) => [...names].sort());
  return [
    ...(isDeepStrictEqual(namesOf(start), namesOf(next)) ? [] : ['public names']),
    ...(isDeepStrictEqual(start.dns, next.dns) ? [] : ['DNS records and health checks']),
    ...(isDeepStrictEqual(environments[0], environments[1]) ? [] : ['environments']),
  ];
}
