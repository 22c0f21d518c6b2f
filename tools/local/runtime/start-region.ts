import { startUnserved } from '#local/aws-endpoint/unserved.ts';
import { measureInvocations, measureRequests } from '#local/cloudwatch/measure.ts';
import type { MetricStore } from '#local/cloudwatch/metric-store.ts';
import type { Doors } from '#local/debug/doors.ts';
import type { RecordedRequests } from '#local/events/recorded-requests.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Failures } from '#local/failure/failure.ts';
import type { Exchange } from '#local/gateway/exchange.ts';
import type { RegionalGateway } from '#local/gateway/gateway-server.ts';
import { startHttpGateway } from '#local/gateway/http/server.ts';
import { type RestGateway, startRestGateway } from '#local/gateway/rest/server.ts';
import type { AuthorizeIam } from '#local/iam/authorize-invoke.ts';
import type { RoleCredentials } from '#local/iam/credential-store.ts';
import type { KeysOf } from '#local/jwt/issuer-keys.ts';
import { createLambda, type LambdaService } from '#local/lambda/lambda.ts';
import { SharedPools } from '#local/lambda/shared-pools.ts';
import { type SourceMapOf, sourceMapUrlIn, sourcePositions } from '#local/lambda/source-positions.ts';
import type { RegionModel } from '#local/model/model.ts';
import type { ApiKind } from '#local/route53/dns.ts';
import { compileMappingTemplate } from '#local/vtl/compile-template.ts';
import { createWebAcls } from '#local/waf/web-acl.ts';
import type { ServiceUrls } from './aws-services.ts';
import { failingFunctions, gatewayFaults } from './fail-services.ts';
import type { Startup } from './startup.ts';

/** What the functions and gateways of one region are started from. */
export interface RegionOptions {
  readonly model: RegionModel;
  /** Of the gateways; 0: any free one. */
  readonly ports: Readonly<Record<ApiKind, number>>;
  /** Where its functions find the services. */
  readonly services: ServiceUrls;
  readonly authorizeIam: AuthorizeIam;
  /** Keys of the issuers of tokens. */
  readonly keysOf: KeysOf;
  readonly failures: Failures;
  /** Take what its gateways and functions do. */
  readonly metrics: MetricStore;
  /** Take what its functions are asked. */
  readonly recorded: RecordedRequests;
  readonly credentialsFor: (roleArn: string) => RoleCredentials;
  /** Whether web ACLs block this machine's own address, too, which else they count alone. @default false */
  readonly waf?: boolean | undefined;
  /** Whether what is done is counted, and web ACLs look at it. @default true */
  readonly isWatched?: boolean;
  readonly log: RuntimeLog;
  /** Finds source maps of the packages. @default - there are none */
  readonly sourceMapOf?: SourceMapOf | undefined;
  /** Where debuggers find the functions. @default - nowhere */
  readonly doors?: Doors | undefined;
}

/** A running region; what is not named here only its functions talk to. */
export interface Region {
  readonly gateways: { readonly rest: RestGateway; readonly http: RegionalGateway };
  /** URLs for SDK clients. */
  readonly services: ServiceUrls;
  /** Routes, `envA GET /user/{id}`, that take no requests from now on; all others do. */
  hold(routes: readonly string[]): void;
  /** Whether a route of an environment is one of those: `GET /user/{id}`. */
  isHeld(environment: string, route: string): boolean;
  /** Serves functions of a release, beside those that are served already. Nothing is started before the first invocation. */
  invokerOf(model: RegionModel, credentialsFor: (roleArn: string) => RoleCredentials): ReleasedFunctions;
  /** Of the start. */
  readonly functions: ReleasedFunctions;
}

/** The functions of a release; unchanged ones share their processes with other releases. */
export type ReleasedFunctions = Pick<LambdaService, 'invoke' | 'retire' | 'update'>;

/** Starts one region: the functions, then the gateways that invoke them. */
export async function startRegion(startup: Startup, options: RegionOptions): Promise<Region> {
  const { model, ports, services, authorizeIam, credentialsFor, failures, metrics, log, isWatched = true } = options;
  const unserved = startup.keep(await startUnserved({ region: model.region, served: Object.keys(services), log }));
  const endpointEnvironment = environmentOf(services, unserved.url);
  const pools = startup.keep(new SharedPools());
  const { sourceMapOf, doors } = options;
  const positions = sourceMapOf && sourcePositions(sourceMapOf);
  const debugging = doors && {
    doors,
    sourceMapUrl: (root: string) => sourceMapOf && sourceMapUrlIn(root, sourceMapOf),
  };
  const invokerOf: Region['invokerOf'] = ({ functions: released, region, type: regionType }, credentials) => {
    const own = {
      region,
      regionType,
      endpointEnvironment,
      pools,
      timeScale: 60_000 / metrics.periodMilliseconds,
      log,
      ...(positions && { positions }),
      ...(debugging && { debugging }),
    };
    const lambda = createLambda({ ...own, functions: released, credentialsFor: credentials });
    const invoke = failingFunctions(failures, regionType, lambda.invoke);
    return { ...lambda, invoke: isWatched ? measureInvocations(metrics, region, invoke) : invoke };
  };
  const functions = invokerOf(model, credentialsFor);
  const faultsOf = (kind: ApiKind) => gatewayFaults(failures, model, kind);
  let held: ReadonlySet<string> = new Set();
  const isHeld = (stage: string, route: string) => held.has(`${stage} ${route}`);
  const shared = { region: model, invoke: functions.invoke, authorizeIam, isHeld, log };
  const measureAndRecord = (kind: ApiKind) => {
    const measure = measureRequests(metrics, model, kind);
    return (exchange: Exchange, route: string) => {
      measure(exchange, route);
      options.recorded.add(model.type, kind, exchange, route);
    };
  };
  const rest = await startRestGateway({
    ...shared,
    port: ports.rest,
    compileTemplate: compileMappingTemplate,
    faultsOf: faultsOf('rest'),
    ...(isWatched && {
      measure: measureAndRecord('rest'),
      guardOf: createWebAcls({ region: model, metrics, log, blocksLoopback: options.waf }),
    }),
  });
  startup.keep(rest);
  const http = startup.keep(
    await startHttpGateway({
      ...shared,
      port: ports.http,
      keysOf: options.keysOf,
      faultsOf: faultsOf('http'),
      ...(isWatched && { measure: measureAndRecord('http') }),
    }),
  );
  const hold = (routes: readonly string[]) => {
    held = new Set(routes);
  };
  return { gateways: { rest, http }, services, hold, isHeld, invokerOf, functions };
}

/** Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints". */
function environmentOf(services: ServiceUrls, unserved: string): Readonly<Record<string, string>> {
  const urls = Object.entries(services).map(([name, url]) => [`AWS_ENDPOINT_URL_${name.toUpperCase()}`, url]);
  return {
    ...Object.fromEntries(urls),
    // Of every other service.
    AWS_ENDPOINT_URL: unserved,
    // The functions are written for Lambda's Node.js; that this machine's may be older is no news to their log.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
