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
}

interface Declaration<Running extends HttpService> {
  /**
   * IAM prefix of its actions: `dynamodb`. What a role may do there and never does is told by `local permissions`. Functions find it by the
   * variable `AWS_ENDPOINT_URL_DYNAMODB`, readers of `GET /regions` among each region's services.
   */
  readonly name: string;
  readonly start: (context: ServiceContext) => Promise<Running>;
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
  ): Promise<{ readonly urls: Readonly<Record<RegionType, string>>; readonly link?: ServiceLink }>;
}

/** Every service that SDK clients are served by; a new one is one more declaration. */
export const AWS_SERVICES: readonly AwsService[] = [
  declare({
    name: 'dynamodb',
    start: ({ model: { region, tables }, authorize, log }) => startDynamoDb({ region, tables, authorize, log }),
    link: (regions, context) => startReplication({ ...regions, ...context }),
  }),
  declare({
    name: 's3',
    start: ({ model: { region, buckets }, authorize, log }) => startS3({ region, buckets, authorize, log }),
  }),
  declare({
    name: 'ssm',
    start: ({ model: { region }, parameters, authorize, log }) => {
      const seeds = Object.entries(parameters).map(([name, value]) => ({ name, value, type: 'SecureString' as const }));
      return startSsm({ region, parameters: seeds, authorize, log });
    },
  }),
];

/** Keeps the type of what runs between its start and its link; to everybody else a service is its URLs. */
function declare<Running extends HttpService>({ name, start, link }: Declaration<Running>): AwsService {
  return {
    name,
    start: async (startup, contexts, linkContext) => {
      const primary = startup.keep(await start(contexts.primary));
      const secondary = startup.keep(await start(contexts.secondary));
      const urls = { primary: primary.url, secondary: secondary.url };
      return link ? { urls, link: startup.keep(link({ primary, secondary }, linkContext)) } : { urls };
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
}

/** Starts every service of the list in both regions. */
export async function startAwsServices(
  startup: Startup,
  contexts: Readonly<Record<RegionType, ServiceContext>>,
  linkContext: LinkContext,
): Promise<RunningServices> {
  const urls: Record<RegionType, Record<string, string>> = { primary: {}, secondary: {} };
  const links: ServiceLink[] = [];
  for (const service of AWS_SERVICES) {
    const started = await service.start(startup, contexts, linkContext);
    urls.primary[service.name] = started.urls.primary;
    urls.secondary[service.name] = started.urls.secondary;
    if (started.link) links.push(started.link);
  }
  return { urls, links };
}
