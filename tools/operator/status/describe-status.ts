import { columns } from '#operator/cli/columns.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { containerLine } from '#operator/container/container-status.ts';
import { describeStagger } from '#operator/journal/unfinished.ts';
import type { EnvironmentStatus, RegionStatus, StageStatus } from './stage-status.ts';

/** The status as an operator reads it: where traffic goes, what runs in each region, what is not as it should be. */
export function describeStatus(status: StageStatus, colors: Colors): string {
  const { stage, names, target, idle, newest, regions, routing, disagreements, follows, stagger, edge } = status;
  const publicNames = [names.rest, names.http].filter((name) => name !== undefined).join(', ');
  const facts = [
    ['stage', stage],
    ['public names', publicNames || 'not set'],
    [
      'target',
      target ??
        (stagger && describeStagger(stagger)) ??
        (disagreements.length > 0 ? 'the regions disagree' : 'none yet'),
    ],
    ['idle', idle.join(', ') || 'none'],
    ['newest', newest ?? 'not known'],
    ...(routing.active === 'primary' ? [] : [['routing', describeRouting(routing)]]),
    ...(edge ? [['edge', EDGE_STATES[edge]]] : []),
    ...(follows ? [['releases', describeReleases(follows)]] : []),
  ];
  return [
    ...columns(facts).map((line, at) => {
      if (at !== 2 || target !== undefined) return line;
      return stagger === undefined ? colors.red(line) : colors.yellow(line);
    }),
    ...regions.flatMap((region) => ['', ...describeRegion(region, colors)]),
    ...(disagreements.length === 0 ? [] : ['', ...disagreements.map((text) => colors.red(text))]),
  ].join('\n');
}

const EDGE_STATES: Readonly<Record<NonNullable<StageStatus['edge']>, string>> = {
  active: 'CloudFront: the public names lead to it',
  standby: 'CloudFront stands by: the public names lead to the regions',
};

function describeRouting({ policy, active }: StageStatus['routing']): string {
  return active === undefined ? `${policy}: both regions are active` : `${policy}: the ${active} region is active`;
}

function describeReleases(follows: NonNullable<StageStatus['follows']>): string {
  const of = (kind: 'release' | 'working tree') => Object.keys(follows).filter((name) => follows[name] === kind);
  const released = of('release');
  if (released.length === 0)
    return 'none yet: every environment follows the working tree (with --no-watch: as it was at the start)';
  return `${released.join(', ')}; ${of('working tree').join(', ')} follows the working tree (with --no-watch: as it was at the last release)`;
}

function describeRegion(region: RegionStatus, colors: Colors): string[] {
  const { regionType, region: name, problem, apiIds, environments, health, targets } = region;
  const title = colors.bold(`${regionType} ${name}`);
  if (problem !== undefined) return [title, colors.red(`  ${problem}`)];
  const apis = Object.entries(apiIds).map(([kind, id]) => `${kind.toUpperCase()} API ${id}`);
  const paint = { healthy: colors.green, unhealthy: colors.red, unknown: colors.yellow };
  const checks = Object.values(health ?? {}).map(
    ({ fqdn, resourcePath, status }) => `  health check ${fqdn}${resourcePath} ${paint[status](status)}`,
  );
  const rows = environments.map((environment) => [
    environment.name === targets.rest ? '* ' + environment.name : '  ' + environment.name,
    environment.hash ?? '-',
    environment.time?.replace(/\.\d+Z$/, 'Z') ?? '-',
    versions(environment),
  ]);
  return [
    title,
    ...(apis.length === 0 ? [] : [`  ${apis.join(', ')}`]),
    ...(checks.length === 0 ? ['  no health check'] : checks),
    ...certificateLine(region),
    ...heartbeatLine(region),
    ...journeysLine(region),
    ...objectsLine(region),
    ...containerLine(region),
    ...(rows.length === 0
      ? ['  no environment is deployed']
      : columns([['  environment', 'content', 'made', 'versions'], ...rows]).map((line, at) => {
          if (at === 0) return `  ${colors.dim(line)}`;
          return line.startsWith('*') ? `  ${colors.green(line)}` : `  ${line}`;
        })),
  ];
}

/** The one that ends first is the one that matters. */
function certificateLine({ certificates = [] }: RegionStatus): string[] {
  if (certificates.length === 0) return [];
  const days = Math.min(...certificates.map(({ daysLeft }) => daysLeft));
  const names = certificates.find(({ daysLeft }) => daysLeft === days)?.names.join(', ');
  return [`  certificates ${certificates.length}, the first ends in ${days} days (${names})`];
}

function heartbeatLine({ heartbeat }: RegionStatus): string[] {
  if (heartbeat === undefined) return [];
  const { of, ageSeconds } = heartbeat;
  return [ageSeconds === null ? `  no heartbeat of ${of} has arrived yet` : `  heartbeat of ${of} ${ageSeconds} s old`];
}

function journeysLine({ journeys }: RegionStatus): string[] {
  if (journeys === undefined) return [];
  const failing = Object.keys(journeys.failing);
  const taken = `  journeys taken at ${journeys.takenAt.join(', ')}`;
  return [failing.length === 0 ? `${taken}: none is known to fail` : `${taken}: fail at ${failing.join(', ')}`];
}

function objectsLine({ objects }: RegionStatus): string[] {
  if (objects === undefined) return [];
  const { to, rule, lateSeconds } = objects;
  const late = lateSeconds === undefined ? '' : `; those of ${to} were up to ${lateSeconds} s late here`;
  return [`  objects are ${rule === undefined ? `not copied to ${to}` : `copied to ${to} ${rule}`}${late}`];
}

/** `all 3`, or each function's. */
function versions({ versions: byFunction }: EnvironmentStatus): string {
  if (byFunction === undefined) return '-';
  const different = [...new Set(Object.values(byFunction))];
  if (different.length === 1) return `all ${different[0]}`;
  return Object.entries(byFunction)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}
