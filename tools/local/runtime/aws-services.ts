import type { Authorize } from '#local/aws-endpoint/authorize.ts';
import { startCloudWatch, type Watching } from '#local/cloudwatch/cloudwatch.ts';
import { type Contents, type RegionContents, SeedError, type Written } from '#local/data/contents.ts';
import { type DataFolder, type Kept, NOTHING_KEPT } from '#local/data/data-folder.ts';
import type { Filling } from '#local/data/filling.ts';
import { startDynamoDb } from '#local/dynamodb/dynamodb.ts';
import { startReplication } from '#local/dynamodb/replication.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { HttpService } from '#local/http/listen.ts';
import type { Asked } from '#local/iam/authorizer.ts';
import type { RegionModel, RegionType } from '#local/model/model.ts';
import type { RegionLink } from '#local/replication/region-link.ts';
import { replicateObjects } from '#local/s3/replication.ts';
import { startS3 } from '#local/s3/s3.ts';
import { startSsm } from '#local/ssm/ssm.ts';
import { servicePorts } from './ports.ts';
import type { Startup } from './startup.ts';

/** What a service is made of in one region. */
export interface ServiceContext {
  readonly model: RegionModel;
  /** SSM parameter → value. */
  readonly parameters: Readonly<Record<string, string>>;
  /** IAM: to be asked before a request is served. */
  readonly authorize: Authorize;
  readonly log: RuntimeLog;
  readonly watching: Watching;
}

/** Of one service in one region. */
interface Place extends ServiceContext {
  readonly kept: Kept;
  readonly port: number;
}

/** What services keep, and where they listen. */
export interface ServicePlaces {
  /** @default - nothing outlives the runtime */
  readonly data?: DataFolder | undefined;
  /** Of the first service in the primary region; the others take the next ones in the order of the list. 0: any free ones. */
  readonly port: number;
}

/** What is made of both regions' services of a kind. */
interface LinkContext {
  /** From a write to its arrival in the other region. */
  readonly lagMilliseconds: number;
  readonly log: RuntimeLog;
  /** IAM: whether a role may. @default - every role may do everything */
  readonly mayRole?: (roleArn: string, asked: Asked) => boolean;
}

/** What runs between the regions of one service. */
export interface ServiceLink extends Pick<RegionLink, 'close' | 'pause' | 'resume' | 'setLag'> {
  /** The regions hold more than before. */
  grown(): void;
}

interface Declaration<Running extends HttpService> {
  /**
   * IAM prefix of its actions: `dynamodb`. What a role may do there and never does is told by `local permissions`. Functions find it by the
   * variable `AWS_ENDPOINT_URL_DYNAMODB`, readers of `GET /regions` among each region's services.
   */
  readonly name: string;
  readonly start: (place: Place) => Promise<Running>;
  /** Makes what a later release needs and the region does not have yet; what it has stays as it is. */
  readonly grow: (running: Running, needed: Needed) => void;
  /** What a region holds of that kind. */
  readonly contents: (running: Running) => RegionContents;
  /** Prepares to write things of that kind; undefined where there are none of them. */
  readonly fill: (running: Running, contents: RegionContents) => Filling | undefined;
  /** Makes it what it was at its first start. */
  readonly reset: (running: Running, needed: Needed) => Promise<void> | void;
  /** The newest value of a parameter that it keeps. @default - it keeps none */
  readonly parameter?: (running: Running, name: string) => string | undefined;
  /** @default - the regions know nothing of each other */
  readonly link?: (regions: Readonly<Record<RegionType, Running>>, context: LinkContext) => ServiceLink;
}

type Needed = Pick<ServiceContext, 'model' | 'parameters'>;

/** A service of the fake AWS that SDK clients talk to, one endpoint in each region. */
export interface AwsService {
  readonly name: string;
  /** Starts it in both regions; `startup` takes charge of ending it. */
  start(
    startup: Startup,
    regions: Readonly<Record<RegionType, ServiceContext>>,
    link: LinkContext,
    places: { readonly kept: Kept; readonly ports: Readonly<Record<RegionType, number>> },
  ): Promise<StartedService>;
}

interface StartedService {
  readonly parameter: (region: RegionType, name: string) => string | undefined;
  readonly urls: Readonly<Record<RegionType, string>>;
  readonly link?: ServiceLink;
  readonly grow: (needed: Readonly<Record<RegionType, Needed>>) => void;
  readonly contents: (region: RegionType) => RegionContents;
  readonly fill: (region: RegionType, contents: RegionContents) => Filling | undefined;
  readonly reset: (needed: Readonly<Record<RegionType, Needed>>) => Promise<void>;
}

/** Every service that SDK clients are served by; a new one is one more declaration. */
export const AWS_SERVICES: readonly AwsService[] = [
  declare({
    name: 'dynamodb',
    start: ({ model: { region, tables }, ...place }) => startDynamoDb({ ...place, region, tables }),
    grow: (dynamoDb, { model }) => dynamoDb.addTables(model.tables),
    link: (regions, context) => startReplication({ ...regions, ...context }),
    contents: (dynamoDb) => ({ tables: dynamoDb.contents() }),
    fill: (dynamoDb, { tables }) => tables && dynamoDb.fill(tables),
    reset: (dynamoDb) => dynamoDb.reset(),
  }),
  declare({
    name: 's3',
    start: ({ model: { region, buckets }, ...place }) => startS3({ ...place, region, buckets }),
    grow: (s3, { model }) => s3.addBuckets(model.buckets),
    link: (regions, context) => replicateObjects({ ...regions, ...context }),
    contents: (s3) => ({ objects: s3.contents() }),
    fill: (s3, { objects }) => objects && s3.fill(objects),
    reset: (s3) => s3.reset(),
  }),
  declare({
    name: 'ssm',
    start: ({ model: { region }, parameters, ...place }) =>
      startSsm({ ...place, region, parameters: seedsOf(parameters) }),
    grow: (ssm, { parameters }) => {
      for (const [name, value] of Object.entries(parameters)) {
        if (ssm.get(name) === undefined) ssm.put(name, value, 'SecureString');
      }
    },
    parameter: (ssm, name) => ssm.get(name),
    contents: (ssm) => ({ parameters: ssm.contents() }),
    fill: (ssm, { parameters }) => parameters && ssm.fill(parameters),
    reset: (ssm, { parameters }) => ssm.reset(seedsOf(parameters)),
  }),
  declare({
    name: 'cloudwatch',
    start: ({ model: { region }, ...place }) => startCloudWatch({ ...place, region }),
    // What is watched is the runtime's, and grows with it.
    grow: () => undefined,
    contents: () => ({}),
    fill: () => undefined,
    reset: () => undefined,
  }),
];

const seedsOf = (parameters: Readonly<Record<string, string>>) =>
  Object.entries(parameters).map(([name, value]) => ({ name, value, type: 'SecureString' as const }));

/** Keeps the type of what runs between its start and its link; to everybody else a service is its URLs. */
function declare<Running extends HttpService>(declaration: Declaration<Running>): AwsService {
  const { name, start, grow, link } = declaration;
  return {
    name,
    start: async (startup, contexts, linkContext, { kept, ports }) => {
      const running = {
        primary: startup.keep(await start({ ...contexts.primary, kept, port: ports.primary })),
        secondary: startup.keep(await start({ ...contexts.secondary, kept, port: ports.secondary })),
      };
      const linked = link && startup.keep(link(running, linkContext));
      kept.forget();
      return {
        urls: { primary: running.primary.url, secondary: running.secondary.url },
        ...(linked && { link: linked }),
        parameter: (region, parameter) => declaration.parameter?.(running[region], parameter),
        grow: (needed) => {
          for (const region of REGION_TYPES) grow(running[region], needed[region]);
          linked?.grown();
          kept.forget();
        },
        contents: (region) => declaration.contents(running[region]),
        fill: (region, contents) => declaration.fill(running[region], contents),
        reset: async (needed) => {
          for (const region of REGION_TYPES) await declaration.reset(running[region], needed[region]);
        },
      };
    },
  };
}

const REGION_TYPES = ['primary', 'secondary'] as const;

/** In the order of their ports. */
export const SERVICE_NAMES: readonly string[] = AWS_SERVICES.map(({ name }) => name);

/** IAM prefixes of all that is served: of other services the runtime sees no call. `execute-api` is what the gateways ask IAM for. */
export const SERVED_PREFIXES: ReadonlySet<string> = new Set(['execute-api', ...SERVICE_NAMES]);

/** Name of a service → its URL. */
export type ServiceUrls = Readonly<Record<string, string>>;

/** The services of both regions, running. */
export interface RunningServices {
  readonly urls: Readonly<Record<RegionType, ServiceUrls>>;
  readonly links: readonly ServiceLink[];
  /** Makes, in both regions, what a release needs and they do not have yet. */
  readonly grow: StartedService['grow'];
  /** The newest value of a parameter in one region. */
  readonly parameter: StartedService['parameter'];
  /** What both regions hold. */
  readonly contents: () => Contents;
  /** Writes things as clients would. @throws SeedError, when nothing has changed */
  readonly fill: (contents: Contents) => Promise<Written>;
  /** Makes everything what it was at its first start. */
  readonly reset: StartedService['reset'];
}

/** Starts every service of the list in both regions. */
export async function startAwsServices(
  startup: Startup,
  contexts: Readonly<Record<RegionType, ServiceContext>>,
  linkContext: LinkContext,
  { data, port }: ServicePlaces = { port: 0 },
): Promise<RunningServices> {
  const urls: Record<RegionType, Record<string, string>> = { primary: {}, secondary: {} };
  const links: ServiceLink[] = [];
  const running: StartedService[] = [];
  const allPorts = servicePorts(port, SERVICE_NAMES);
  for (const service of AWS_SERVICES) {
    const ports = allPorts.find(({ name }) => name === service.name) ?? { primary: 0, secondary: 0 };
    const kept = data?.open(service.name) ?? NOTHING_KEPT;
    const started = await service.start(startup, contexts, linkContext, { kept, ports });
    urls.primary[service.name] = started.urls.primary;
    urls.secondary[service.name] = started.urls.secondary;
    if (started.link) links.push(started.link);
    running.push(started);
  }
  return {
    urls,
    links,
    grow: (needed) => {
      for (const { grow } of running) grow(needed);
    },
    parameter: (region, name) => {
      for (const { parameter } of running) {
        const value = parameter(region, name);
        if (value !== undefined) return value;
      }
      return undefined;
    },
    contents: () => ({ primary: contentsOf(running, 'primary'), secondary: contentsOf(running, 'secondary') }),
    fill: (contents) => fillAll(running, contents),
    reset: async (needed) => {
      for (const { reset } of running) await reset(needed);
    },
  };
}

const contentsOf = (running: readonly StartedService[], region: RegionType): RegionContents =>
  Object.assign({}, ...running.map(({ contents }) => contents(region)));

/** Everything is looked at before anything is written. */
async function fillAll(running: readonly StartedService[], contents: Contents): Promise<Written> {
  const fillings = REGION_TYPES.flatMap((region) =>
    running.map(({ fill }) => ({ region, filling: fill(region, contents[region] ?? {}) })),
  );
  const problems = fillings.flatMap(({ region, filling }) =>
    (filling?.problems ?? []).map((problem) => `${region}: ${problem}`),
  );
  if (problems.length > 0) throw new SeedError(problems);
  for (const { filling } of fillings) await filling?.write();
  return countOf(contents);
}

function countOf(contents: Contents): Written {
  const regions = REGION_TYPES.map((region) => contents[region] ?? {});
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
  return {
    items: sum(regions.flatMap(({ tables = {} }) => Object.values(tables).map(({ length }) => length))),
    objects: sum(regions.flatMap(({ objects = {} }) => Object.values(objects).map((all) => Object.keys(all).length))),
    parameters: sum(regions.map(({ parameters = {} }) => Object.keys(parameters).length)),
  };
}
