import type { DoorFacts } from '#local/debug/doors.ts';
import type { RegionMessage, RegionsMessage } from './regions-schema.ts';

/** What a started runtime tells its user; `two-region local --json` prints it. */
export interface RuntimeSummary {
  readonly stage: string;
  /** URL of the REST API's public name on this machine: `http://127.0.0.1:3000`. */
  readonly entry: string;
  /** The public name itself. */
  readonly name: string;
  /** The same of the HTTP API; absent when no name leads to one. */
  readonly httpEntry?: string;
  readonly httpName?: string;
  /** The distributions of CloudFront that the names lead to; absent: they lead to the regions. */
  readonly edge?: readonly string[];
  /** Of the environment that the public name leads to; empty when its routes need none. */
  readonly apiKey: string;
  /** Every key, with the environments that it opens. */
  readonly apiKeys: readonly { readonly value: string; readonly environments: readonly string[] }[];
  /** Of a user who may do what the primary region's invoker role may. */
  readonly invoker: RegionsMessage['credentials']['invoker'];
  /** Of a user who may call none of them. */
  readonly stranger: RegionsMessage['credentials']['stranger'];
  readonly regions: Readonly<Record<'primary' | 'secondary', RegionSummary>>;
  /** Folder that keeps tables, objects and parameters; absent: they end with the runtime. */
  readonly dataFolder?: string;
  /** Where the page that shows what runs is, with its token; absent: it is not served. */
  readonly page?: string;
  /** Where debuggers find the functions; absent: they may not come. */
  readonly debuggers?: readonly DoorFacts[];
  /** Runtimes of the functions that are another version of Node.js than this machine's, which runs them all: `nodejs22.x`. */
  readonly otherRuntimes: readonly string[];
  /** Resource types that the runtime doesn't serve, with their addresses. */
  readonly unserved: RegionsMessage['unserved'];
}

export interface RegionSummary {
  /** AWS region. */
  readonly region: string;
  /** URL of the region's REST gateway. */
  readonly url: string;
  /** Environment that the public name leads to in this region; absent: none. */
  readonly target?: string;
  /** Environment → URL that the REST API's paths are appended to. */
  readonly environments: Readonly<Record<string, string>>;
  /** The same of the HTTP API. */
  readonly httpEnvironments: Readonly<Record<string, string>>;
  /** Service → where AWS CLI and SDKs find it. */
  readonly services: Readonly<Record<string, string>>;
}

/** The part of `GET /regions` that callers of the APIs need. */
export function summarize(message: RegionsMessage, dataFolder?: string): RuntimeSummary {
  const { stage, publicNames, credentials, unserved } = message;
  const [rest, http] = (['rest', 'http'] as const).map((kind) => publicNames.find((each) => each.kind === kind));
  const edge = publicNames.flatMap((each) => each.edge ?? []);
  const regions = {
    primary: summarizeRegion(message.regions.primary, rest?.name),
    secondary: summarizeRegion(message.regions.secondary, rest?.name),
  };
  const { target } = regions.primary;
  const apiKeys = message.regions.primary.usagePlans.flatMap(({ keys, stages: environments }) =>
    keys.filter(({ enabled }) => enabled).map(({ value }) => ({ value, environments })),
  );
  return {
    stage,
    entry: rest?.url ?? '',
    name: rest?.name ?? '',
    ...(http && { httpEntry: http.url, httpName: http.name }),
    ...(edge.length > 0 && { edge }),
    apiKey: apiKeys.find(({ environments }) => target !== undefined && environments.includes(target))?.value ?? '',
    apiKeys,
    invoker: credentials.invoker,
    stranger: credentials.stranger,
    regions,
    ...(dataFolder !== undefined && { dataFolder }),
    otherRuntimes: otherRuntimes(message),
    unserved,
  };
}

function otherRuntimes({ regions: { primary, secondary } }: RegionsMessage): readonly string[] {
  const own = `nodejs${process.versions.node.split('.', 1)[0]}.x`;
  const versions = [...primary.functions, ...secondary.functions].flatMap((each) => each.versions);
  return [...new Set(versions.flatMap(({ runtime }) => (runtime === own ? [] : (runtime ?? []))))].sort();
}

function summarizeRegion(
  { region, apis, names, services }: RegionMessage,
  publicName: string | undefined,
): RegionSummary {
  const urlsOf = (kind: 'http' | 'rest') =>
    Object.fromEntries(
      apis.filter((api) => api.kind === kind).flatMap(({ stages }) => stages.map(({ name, url }) => [name, url])),
    );
  const target = names.find(({ name }) => name === publicName)?.environment;
  return {
    region,
    url: apis.find(({ kind }) => kind === 'rest')?.url ?? '',
    ...(target !== undefined && { target }),
    environments: urlsOf('rest'),
    httpEnvironments: urlsOf('http'),
    services: { ...services },
  };
}
