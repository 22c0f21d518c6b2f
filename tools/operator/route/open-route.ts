import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { HEALTH_ROUTES, SHALLOW_QUERY } from '#contract/health-routes.ts';
import { ACCOUNT_ID } from '#local/aws-endpoint/authorize.ts';
import type { ControlClient } from '#local/control/client.ts';
import { accessOf, clientSettings, hasOwnS3Endpoint, REQUEST_PATIENCE } from '#operator/aws/aws-access.ts';
import { askIdentity } from '#operator/cli/ask-identity.ts';
import { awsStores } from '#operator/parameters/open-stores.ts';
import { activeRegion, inRegion, isProtected, type RegionType, type StageContext } from '#stacks/context.ts';
import { bucketName, ROUTE_BUCKET } from '#stacks/naming.ts';
import type { RoutePlace } from './move-route.ts';
import { type RouteStore, s3RouteStore } from './route-store.ts';

/**
 * A stage on AWS. Nothing is asked yet; of what is asked later, all is in one region: its STS for the account's number, its S3, and its Parameter Store
 * for the public name that is watched.
 */
export function awsRoutePlace(context: StageContext): RoutePlace {
  const { stage } = context;
  const store = (regionType: RegionType): RouteStore => {
    const { region } = inRegion(context, regionType);
    const s3 = new S3Client({ ...clientSettings(accessOf(context), region), forcePathStyle: hasOwnS3Endpoint() });
    const opened = async () => {
      const { account } = (await askIdentity(context, region)).identity();
      return s3RouteStore(s3, region, bucketName(inRegion(context, regionType), ROUTE_BUCKET, account), stage);
    };
    return {
      region,
      read: async () => (await opened()).read(),
      write: async (document, version) => (await opened()).write(document, version),
    };
  };
  const parameters = awsStores(context);
  const publicName = async () => {
    const inEither = [parameters.secondary, parameters.primary].map((each) => each.readAll());
    return (await Promise.any(inEither)).get('domain_name');
  };
  let name: Promise<string | undefined> | undefined;
  return {
    stage,
    isProduction: isProtected(stage),
    flags: '',
    active: activeRegion(context.settings),
    stores: { primary: store('primary'), secondary: store('secondary') },
    responding: async () => {
      name ??= publicName().catch(() => undefined);
      const domainName = await name;
      return domainName === undefined ? undefined : respondingAt(context, `https://${domainName}`);
    },
    timeScale: 1,
    watchAtLeast: 0,
  };
}

/** The running local runtime in the place of AWS. */
export async function localRoutePlace(
  context: StageContext,
  control: Pick<ControlClient, 'regions' | 'status'>,
): Promise<RoutePlace> {
  const { publicNames } = await control.regions();
  const { active, timeScale } = await control.status();
  const url = publicNames.find(({ kind }) => kind === 'rest')?.url ?? '';
  return {
    stage: context.stage,
    isProduction: false,
    flags: ' --local',
    active: active ?? undefined,
    stores: await localRouteStores(context, control),
    responding: () => respondingAt(context, url),
    timeScale,
    watchAtLeast: 30,
  };
}

/** Where the regions of the running local runtime say it. */
export async function localRouteStores(
  context: StageContext,
  control: Pick<ControlClient, 'regions'>,
): Promise<RoutePlace['stores']> {
  const { regions, credentials } = await control.regions();
  const store = (regionType: RegionType): RouteStore => {
    const { region, services } = regions[regionType];
    const s3 = new S3Client({
      region,
      endpoint: services.s3 ?? '',
      credentials: credentials.operator,
      forcePathStyle: true,
      maxAttempts: 1,
      requestHandler: REQUEST_PATIENCE,
    });
    return s3RouteStore(s3, region, bucketName(inRegion(context, regionType), ROUTE_BUCKET, ACCOUNT_ID), context.stage);
  };
  return { primary: store('primary'), secondary: store('secondary') };
}

const response = z.object({ region: z.string() });
const PATIENCE_MILLISECONDS = 5000;

/** Asks the open health route on a connection of its own: one that is kept alive would stay where it is. */
async function respondingAt({ settings }: StageContext, url: string): Promise<RegionType | undefined> {
  try {
    const answered = await fetch(`${url}${HEALTH_ROUTES.rest.path}${SHALLOW_QUERY}`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
    const { region } = response.parse(await answered.json());
    if (region === settings.primaryRegion) return 'primary';
    return region === settings.secondaryRegion ? 'secondary' : undefined;
  } catch {
    return undefined;
  }
}
