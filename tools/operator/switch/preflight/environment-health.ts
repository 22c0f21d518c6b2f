import { setTimeout as sleep } from 'node:timers/promises';
import { HEALTH_ROUTES, SHALLOW_QUERY } from '#contract/health-routes.ts';
import { regionalName } from '#contract/regional-name.ts';
import type { ApiKind, LiveEnvironment, RegionTarget } from '#operator/live/live-region.ts';
import { answeringEnvironment, type Probe } from './answering-environment.ts';

/** A region by whose own names an environment is asked. */
export type NamedRegion = Pick<RegionTarget, 'names' | 'region'>;

/** What the health of an environment depends on here: its name, and what its release recorded. */
export type RecordedEnvironment = Pick<LiveEnvironment, 'name' | 'record'>;

const KINDS: readonly ApiKind[] = ['rest', 'http'];

/** So often an idle environment is asked before it counts as ill: what nobody called for a while has to start first, and its deadline is DNS's. */
const ATTEMPTS = 3;

/**
 * Asks an environment's own health, with all that it reaches, below the region's own names.
 *
 * @param pauseSeconds - between two attempts. @default 1
 * @returns sentences; empty when it is well
 */
export async function environmentHealth(
  probe: Probe,
  region: NamedRegion,
  environment: RecordedEnvironment,
  pauseSeconds = 1,
): Promise<readonly string[]> {
  const problems = async (kind: ApiKind): Promise<readonly string[]> => {
    let last = '';
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const answer = await answeringEnvironment(probe, requestOf(region, environment, kind));
      if ('env' in answer) {
        const { env } = answer;
        return env === environment.name ? [] : [`${env} answered the health route of ${environment.name}.`];
      }
      last = `${answer.problem} Asked ${attempt} times.`;
      if (attempt < ATTEMPTS) await sleep(1000 * pauseSeconds);
    }
    return [last];
  };
  return (await Promise.all((await kindsWithHealth(probe, region, environment)).map(problems))).flat();
}

/**
 * The APIs in which an environment has an open health route. Its release's record says so; version 0.1.0 left none, and had no such route in its
 * HTTP API: who has no record of routes is asked.
 */
export async function kindsWithHealth(
  probe: Probe,
  region: NamedRegion,
  environment: RecordedEnvironment,
): Promise<readonly ApiKind[]> {
  const recorded = Object.values(environment.record?.functions ?? {}).flatMap(({ routes }) => routes);
  const has = async (kind: ApiKind) => {
    if (region.names[kind] === undefined) return false;
    if (recorded.length > 0) return recorded.some(({ id }) => id === HEALTH_ROUTES[kind].id);
    if (kind === 'rest') return true;
    const answer = await answeringEnvironment(probe, requestOf(region, environment, kind, SHALLOW_QUERY));
    return !('status' in answer && answer.status === 404);
  };
  const all = await Promise.all(KINDS.map(async (kind) => ((await has(kind)) ? [kind] : [])));
  return all.flat();
}

function requestOf({ region, names }: NamedRegion, { name }: RecordedEnvironment, kind: ApiKind, query = '') {
  return { host: regionalName(region, names[kind] ?? ''), path: `/${name}${HEALTH_ROUTES[kind].path}${query}` };
}
