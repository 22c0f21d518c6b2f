import type { ApiKind } from '../live/live-region.ts';
import type { RegionStatus } from './stage-status.ts';

/** Environments that public names lead to. One, where everything is as it should be. */
export function targetsOf(regions: readonly RegionStatus[]): readonly string[] {
  return [...new Set(regions.flatMap((region) => Object.values(region.targets)))];
}

/** What is not as it should be in a stage, in sentences. */
export function disagreementsOf(regions: readonly RegionStatus[]): readonly string[] {
  return [
    ...unreachable(regions),
    ...differentTargets(regions),
    ...healthOfOthers(regions),
    ...incomplete(regions),
    ...differentContent(regions),
  ];
}

function unreachable(regions: readonly RegionStatus[]): string[] {
  return regions.flatMap(({ regionType, region, problem }) =>
    problem === undefined ? [] : [`The ${regionType} region ${region} does not answer: ${problem}`],
  );
}

function differentTargets(regions: readonly RegionStatus[]): string[] {
  const targets = targetsOf(regions);
  const answering = regions.filter(({ problem }) => problem === undefined);
  if (targets.length > 1) {
    const where = answering.map(
      ({ regionType, targets: { rest, http } }) =>
        `${regionType}: REST ${rest ?? 'not mapped'}, HTTP ${http ?? 'not mapped'}`,
    );
    return [`The public names do not lead to one environment (${where.join('; ')}).`];
  }
  if (targets.length === 0) return [];
  return answering.flatMap(({ regionType, targets: { rest, http } }) =>
    rest === undefined && http === undefined ? [`The public names are not mapped in the ${regionType} region.`] : [],
  );
}

function healthOfOthers(regions: readonly RegionStatus[]): string[] {
  return regions.flatMap(({ regionType, health, targets: { rest } }) => {
    if (health === undefined || rest === undefined || health.environment === rest) return [];
    return [
      `The health check of the ${regionType} region asks ${health.environment}, while ${rest} receives the traffic.`,
    ];
  });
}

/** Environments that a deploy left in the middle, the same way in both regions perhaps. */
function incomplete(regions: readonly RegionStatus[]): string[] {
  const all = regions.flatMap(({ environments }) => environments);
  const functions = [...new Set(all.flatMap(({ versions = {} }) => Object.keys(versions)))].sort();
  return regions.flatMap(({ regionType, apiIds, environments }) =>
    environments.flatMap(({ name, versions, gateways }) => {
      const lacking = versions === undefined ? [] : functions.filter((each) => !(each in versions));
      const kinds: readonly ApiKind[] = ['rest', 'http'];
      const closed =
        gateways === undefined ? [] : kinds.filter((kind) => apiIds[kind] !== undefined && !gateways.includes(kind));
      return [
        ...(lacking.length === 0
          ? []
          : [`${name} lacks functions in the ${regionType} region: ${lacking.join(', ')}.`]),
        ...closed.map((kind) => `${name} has no stage in the ${kind.toUpperCase()} API of the ${regionType} region.`),
      ];
    }),
  );
}

function differentContent([one, other]: readonly RegionStatus[]): string[] {
  if (one === undefined || other === undefined || one.problem !== undefined || other.problem !== undefined) return [];
  const names = new Set([...one.environments, ...other.environments].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const [here, there] = [one, other].map(({ environments }) => environments.find((each) => each.name === name));
    if (here === undefined || there === undefined) {
      const lacking = here === undefined ? one : other;
      return [`${name} is not deployed in the ${lacking.regionType} region.`];
    }
    if (here.hash === there.hash) return [];
    return [`${name} has different content: ${one.regionType} ${here.hash}, ${other.regionType} ${there.hash}.`];
  });
}
