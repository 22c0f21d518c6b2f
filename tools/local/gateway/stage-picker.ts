import { hostName, isLoopback } from '#local/http/client-request.ts';
import type { RestApi } from '#local/model/api-model.ts';
import type { RegionModel } from '#local/model/model.ts';
import { executeApiHost } from '#stacks/settings/partitions.ts';

/** Where a request came in, as the client sees it. */
export interface Entrance {
  /** `$context.domainName`. */
  readonly domainName: string;
  /** Of a custom domain's mapping: `/v1`, or `''`. The functions' event has it in front of `path`. */
  readonly basePath: string;
  /** What `$context.path` has in front of `path`: the stage or the base path. */
  readonly prefix: string;
  /** Path within the stage, still percent-encoded; starts with `/`. */
  readonly path: string;
}

/** Spellings of hosts: clients choose them, but few of the valid ones. */
const MOST_REMEMBERED = 100;

/** The stage that is served without a path segment of its own. */
const DEFAULT_STAGE = '$default';

/** The stage that a request is for, and how it came there. */
interface PickedStage<S> {
  readonly stage: S;
  readonly entrance: Entrance;
}

export interface StageEntry<S> {
  readonly apiId: string;
  readonly name: string;
  readonly stage: S;
}

/** `$context.domainPrefix`. */
export function domainPrefix(domainName: string): string {
  const dot = domainName.indexOf('.');
  return dot < 0 ? domainName : domainName.slice(0, dot);
}

/** What of an API decides where it answers. */
export type PickedApi = Pick<RestApi, 'id' | 'isExecuteApiClosed'>;

/** Finds the stage for a `Host` header and a path without its query. */
type StagePicker<S> = (host: string, path: string) => PickedStage<S> | undefined;

/**
 * Compiles which stage a request is for:
 * - `Host` is a custom domain: by base path mapping, the longest first; the path has no stage, unless the mapping names none;
 * - `Host` is `<api id>.execute-api.<region>.amazonaws.com`: `/<stage>/…` of that API, unless it is closed there;
 * - `Host` is of the loopback interface (`localhost`, `127.…`, `[::1]`): `/<stage>/…` of the first API of the model that has such a stage;
 *   where two APIs share a stage's name, the later one is reached by its `execute-api` host;
 * - any other: none.
 *
 * Where `mergesSlashes`, as REST APIs do, slashes before a stage count as one.
 *
 * Where the path names no stage, it is the stage `$default` (of HTTP APIs) that the request is for, and all of the path is its.
 *
 * @param apis - of one kind: a domain that is mapped to others leads nowhere
 */
export function compileStagePicker<S>(
  region: Pick<RegionModel, 'domains' | 'region'>,
  apis: readonly PickedApi[],
  entries: readonly StageEntry<S>[],
  mergesSlashes = false,
): StagePicker<S> {
  const byHost = new Map<string, (path: string) => PickedStage<S> | undefined>();
  for (const { id, isExecuteApiClosed } of apis) {
    if (isExecuteApiClosed) continue;
    const host = executeApiHost(id, region.region);
    const ofApi = entries.filter((entry) => entry.apiId === id);
    byHost.set(host, byStageInPath(ofApi, host, ''));
  }
  for (const { domainName, mappings } of region.domains) {
    const mapped = mappings
      .map(({ basePath, apiId, stage }) => {
        const prefix = basePath === '' || basePath === '(none)' ? '' : `/${basePath}`;
        return { prefix, pick: byMapping(entries, apiId, stage, domainName, prefix) };
      })
      .sort((a, b) => b.prefix.length - a.prefix.length);
    byHost.set(domainName.toLowerCase(), (path) =>
      mapped.find(({ prefix }) => prefix === '' || path === prefix || path.startsWith(`${prefix}/`))?.pick(path),
    );
  }
  const onLoopback = byStageInPath(entries, undefined, '', region.region);
  const domainNames = new Set(region.domains.map(({ domainName }) => domainName.toLowerCase()));
  const pickOf = (host: string) => {
    const name = hostName(host);
    const pick = byHost.get(name) ?? (isLoopback(name) ? onLoopback : undefined);
    // Behind a domain there is no stage to find, and the slashes are the path's.
    return mergesSlashes && pick && !domainNames.has(name) ? (path: string) => pick(mergeSlashes(path)) : pick;
  };
  const known = new Map<string, ReturnType<typeof pickOf>>();
  return (host, path) => {
    let pick = known.get(host);
    if (!pick) {
      pick = pickOf(host);
      if (pick && known.size < MOST_REMEMBERED) known.set(host, pick);
    }
    return pick?.(path);
  };
}

/** `//envA/test` as `/envA/test`. */
function mergeSlashes(path: string): string {
  return path.startsWith('//') ? path.replace(/^\/+/, '/') : path;
}

function byMapping<S>(
  entries: readonly StageEntry<S>[],
  apiId: string,
  stageName: string,
  domainName: string,
  basePath: string,
): (path: string) => PickedStage<S> | undefined {
  const ofApi = entries.filter((entry) => entry.apiId === apiId);
  if (stageName === '') {
    const pick = byStageInPath(ofApi, domainName, basePath);
    return (path) => pick(path.slice(basePath.length));
  }
  const entry = ofApi.find(({ name }) => name === stageName);
  return (path) =>
    entry && {
      stage: entry.stage,
      entrance: { domainName, basePath, prefix: basePath, path: path.slice(basePath.length) || '/' },
    };
}

function byStageInPath<S>(
  entries: readonly StageEntry<S>[],
  domainName: string | undefined,
  basePath: string,
  region = '',
): (path: string) => PickedStage<S> | undefined {
  const stages = new Map<string, StageEntry<S> & { readonly domainName: string; readonly prefix: string }>();
  for (const entry of entries) {
    if (stages.has(entry.name)) continue;
    const host = domainName ?? executeApiHost(entry.apiId, region);
    stages.set(entry.name, { ...entry, domainName: host, prefix: `${basePath}/${entry.name}` });
  }
  const unnamed = stages.get(DEFAULT_STAGE);
  const fallback = unnamed && {
    stage: unnamed.stage,
    entrance: { domainName: unnamed.domainName, basePath, prefix: basePath },
  };
  stages.delete(DEFAULT_STAGE);
  return (path) => {
    const end = path.indexOf('/', 1);
    const found = stages.get(end < 0 ? path.slice(1) : path.slice(1, end));
    if (!found) return fallback && { stage: fallback.stage, entrance: { ...fallback.entrance, path: path || '/' } };
    const { stage, domainName: name, prefix } = found;
    return { stage, entrance: { domainName: name, basePath, prefix, path: end < 0 ? '/' : path.slice(end) } };
  };
}

/** What of an API and its stage the requests report. */
interface Stage {
  readonly name: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Facts of a stage that its requests report. */
export interface StageFacts {
  readonly accountId: string;
  readonly apiId: string;
  readonly executionArn: string;
  readonly region: string;
  readonly stage: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** @param region - `eu-central-1` */
export function stageFacts(
  api: { readonly id: string; readonly executionArn: string },
  stage: Stage,
  region: string,
): StageFacts {
  return {
    accountId: api.executionArn.split(':')[4] ?? '',
    apiId: api.id,
    executionArn: api.executionArn,
    region,
    stage: stage.name,
    deploymentId: stage.deploymentId,
    variables: stage.variables,
  };
}
