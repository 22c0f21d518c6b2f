import type { Authorize } from '#local/aws-endpoint/authorize.ts';
import { startDynamoDb } from '#local/dynamodb/dynamodb.ts';
import { startReplication } from '#local/dynamodb/replication.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { HttpService, Service } from '#local/http/listen.ts';
import type { RegionModel, RegionType } from '#local/model/model.ts';
import { startS3 } from '#local/s3/s3.ts';
import { startSsm } from '#local/ssm/ssm.ts';
import type { Startup } from './startup.ts';

/** What a service is made of in one region. */
export interface ServiceContext {
  readonly model: RegionModel;
  /** SSM parameter → value. */
  readonly parameters: Readonly<Record<string, string>>;
  /** IAM: to be asked before a request is served. */
  readonly authorize: Authorize;
  readonly log: RuntimeLog;
}

/** What is made of both regions' services of a kind. */
interface LinkContext {
  /** From a write to its arrival in the other region. */
  readonly lagMilliseconds: number;
  readonly log: RuntimeLog;
}

/** What runs between the regions of one service. */
export interface ServiceLink extends Service {
  setLag(milliseconds: number): void;
  /** The region has failed: it neither sends nor receives. */
  pause(region: RegionType): void;
  resume(region: RegionType): void;
  /** The regions hold more than before. */
  grown(): void;
}

interface Declaration<Running extends HttpService> {
  /**
   * IAM prefix of its actions: `dynamodb`. What a role may do there and never does is told by `local permissions`. Functions find it by the
   * variable `AWS_ENDPOINT_URL_DYNAMODB`, readers of `GET /regions` among each region's services.
   */
  readonly name: string;
  readonly start: (context: ServiceContext) => Promise<Running>;
  /** Makes what a later release needs and the region does not have yet; what it has stays as it is. */
  readonly grow: (running: Running, needed: Pick<ServiceContext, 'model' | 'parameters'>) => void;
  /** The newest value of a parameter that it keeps. @default - it keeps none */
  readonly parameter?: (running: Running, name: string) => string | undefined;
  /** @default - the regions know nothing of each other */
  readonly link?: (regions: Readonly<Record<RegionType, Running>>, context: LinkContext) => ServiceLink;
}

/** A service of the fake AWS that SDK clients talk to, one endpoint in each region. */
export interface AwsService {
  readonly name: string;
  /** Starts it in both regions; `startup` takes charge of ending it. */
  start(
    startup: Startup,
    regions: Readonly<Record<RegionType, ServiceContext>>,
    link: LinkContext,
  ): Promise<StartedService>;
}

interface StartedService {
  readonly parameter: (region: RegionType, name: string) => string | undefined;
  readonly urls: Readonly<Record<RegionType, string>>;
  readonly link?: ServiceLink;
  readonly grow: (needed: Readonly<Record<RegionType, Pick<ServiceContext, 'model' | 'parameters'>>>) => void;
}

/** Every service that SDK clients are served by; a new one is one more declaration. */
export const AWS_SERVICES: readonly AwsService[] = [
  declare({
    name: 'dynamodb',
    start: ({ model: { region, tables }, authorize, log }) => startDynamoDb({ region, tables, authorize, log }),
    grow: (dynamoDb, { model }) => dynamoDb.addTables(model.tables),
    link: (regions, context) => startReplication({ ...regions, ...context }),
  }),
  declare({
    name: 's3',
    start: ({ model: { region, buckets }, authorize, log }) => startS3({ region, buckets, authorize, log }),
    grow: (s3, { model }) => s3.addBuckets(model.buckets),
  }),
  declare({
    name: 'ssm',
    start: ({ model: { region }, parameters, authorize, log }) => {
      const seeds = Object.entries(parameters).map(([name, value]) => ({ name, value, type: 'SecureString' as const }));
      return startSsm({ region, parameters: seeds, authorize, log });
    },
    grow: (ssm, { parameters }) => {
      for (const [name, value] of Object.entries(parameters)) {
        if (ssm.get(name) === undefined) ssm.put(name, value, 'SecureString');
      }
    },
    parameter: (ssm, name) => ssm.get(name),
  }),
];

/** Keeps the type of what runs between its start and its link; to everybody else a service is its URLs. */
function declare<Running extends HttpService>(declaration: Declaration<Running>): AwsService {
  const { name, start, grow, link } = declaration;
  return {
    name,
    start: async (startup, contexts, linkContext) => {
      const primary = startup.keep(await start(contexts.primary));
      const secondary = startup.keep(await start(contexts.secondary));
      const linked = link && startup.keep(link({ primary, secondary }, linkContext));
      return {
        urls: { primary: primary.url, secondary: secondary.url },
        ...(linked && { link: linked }),
        parameter: (region, parameter) =>
          declaration.parameter?.(region === 'primary' ? primary : secondary, parameter),
        grow: (needed) => {
          grow(primary, needed.primary);
          grow(secondary, needed.secondary);
          linked?.grown();
        },
      };
    },
  };
}

/** IAM prefixes of all that is served: of other services the runtime sees no call. `execute-api` is what the gateways ask IAM for. */
export const SERVED_PREFIXES: ReadonlySet<string> = new Set(['execute-api', ...AWS_SERVICES.map(({ name }) => name)]);

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
}

/** Starts every service of the list in both regions. */
export async function startAwsServices(
  startup: Startup,
  contexts: Readonly<Record<RegionType, ServiceContext>>,
  linkContext: LinkContext,
): Promise<RunningServices> {
  const urls: Record<RegionType, Record<string, string>> = { primary: {}, secondary: {} };
  const links: ServiceLink[] = [];
  const running: StartedService[] = [];
  for (const service of AWS_SERVICES) {
    const started = await service.start(startup, contexts, linkContext);
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
  };
}
