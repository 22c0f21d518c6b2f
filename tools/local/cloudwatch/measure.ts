import type { Exchange } from '#local/gateway/exchange.ts';
import type { StageFacts } from '#local/gateway/stage-picker.ts';
import {
  type ExecutedVersion,
  type InvokeFunction,
  type InvokeRequest,
  type InvokeResult,
  THROTTLED,
} from '#local/lambda/invoke-result.ts';
import type { RegionModel } from '#local/model/model.ts';
import type { MetricStore, Series } from './metric-store.ts';

/** What is put for each request, in the order of {@link putRequest}. */
type RequestSeries = readonly [count: Series, latency: Series, client: Series, server: Series, integration: Series];

/** Metrics' names of REST and HTTP APIs. Source: Amazon API Gateway Developer Guide, both pages on metrics. */
const REST = ['Count', 'Latency', '4XXError', '5XXError', 'IntegrationLatency'] as const;
const HTTP = ['Count', 'Latency', '4xx', '5xx', 'IntegrationLatency'] as const;

/**
 * The metrics of a region's APIs, as detailed metrics have them: of each stage, and of each of its routes.
 *
 * @param kind - of the APIs that are measured
 * @returns counts a request that has its response. Its route is `GET /user/{id}`, or another text where none matched
 */
export function measureRequests(
  store: MetricStore,
  region: Pick<RegionModel, 'region' | 'restApis'>,
  kind: 'http' | 'rest',
): (exchange: Exchange, route: string) => void {
  const names = new Map(region.restApis.map(({ id, name }) => [id, name]));
  // Objects of a stage stay the same from request to request: no key is built for each.
  const stages = new WeakMap<StageFacts, Map<string, readonly RequestSeries[]>>();
  const create = ({ apiId, stage }: StageFacts, route: string): readonly RequestSeries[] => {
    const whole: Record<string, string> =
      kind === 'rest' ? { ApiName: names.get(apiId) ?? '', Stage: stage } : { ApiId: apiId, Stage: stage };
    const [, Method, Resource] = /^([A-Z]+) (\/\S*)$/.exec(route) ?? [];
    const seriesOf = (dimensions: Readonly<Record<string, string>>): RequestSeries => {
      const of = (name: string) =>
        store.series({ region: region.region, namespace: 'AWS/ApiGateway', name, dimensions });
      const [count, latency, client, server, integration] = kind === 'rest' ? REST : HTTP;
      return [of(count), of(latency), of(client), of(server), of(integration)];
    };
    const ofRoute = Method === undefined || Resource === undefined ? [] : [seriesOf({ ...whole, Method, Resource })];
    return [seriesOf(whole), ...ofRoute];
  };
  return (exchange, route) => {
    const { facts } = exchange;
    let routes = stages.get(facts);
    if (!routes) {
      routes = new Map();
      stages.set(facts, routes);
    }
    let series = routes.get(route);
    if (!series) {
      series = create(facts, route);
      routes.set(route, series);
    }
    const period = store.period();
    for (const each of series) putRequest(each, period, exchange);
  };
}

function putRequest([count, latency, client, server, integration]: RequestSeries, period: number, exchange: Exchange) {
  const { status, startedAt } = exchange;
  count.put(period, 1);
  latency.put(period, Date.now() - startedAt);
  client.put(period, status >= 400 && status < 500 ? 1 : 0);
  server.put(period, status >= 500 ? 1 : 0);
  if (exchange.integration) integration.put(period, exchange.integration.latency);
}

type InvocationSeries = readonly [invocations: Series, errors: Series, duration: Series];

/**
 * The metrics of a region's functions, each as a whole and by what it was invoked by; of an alias with weights by the version that ran, too. What
 * Lambda itself refuses is no invocation.
 *
 * Source: AWS Lambda Developer Guide, "Types of metrics for Lambda functions".
 */
export function measureInvocations(store: MetricStore, region: string, invoke: InvokeFunction): InvokeFunction {
  const byTarget = new Map<string, readonly InvocationSeries[]>();
  const seriesOf = (dimensions: Readonly<Record<string, string>>): InvocationSeries => {
    const of = (name: string) => store.series({ region, namespace: 'AWS/Lambda', name, dimensions });
    return [of('Invocations'), of('Errors'), of('Duration')];
  };
  const create = (FunctionName: string, qualifier: string) => {
    const Resource = `${FunctionName}:${qualifier}`;
    return [seriesOf({ FunctionName }), seriesOf({ FunctionName, Resource })];
  };
  const putVersion = (
    { functionName: FunctionName, qualifier }: InvokeRequest,
    ok: boolean,
    executed: ExecutedVersion,
  ) => {
    const dimensions = { FunctionName, Resource: `${FunctionName}:${qualifier}`, ExecutedVersion: executed.version };
    const [invocations, errors, durations] = seriesOf(dimensions);
    const period = store.period();
    invocations.put(period, 1);
    errors.put(period, ok ? 0 : 1);
    // Without what it took to start a process, as on AWS.
    if (executed.milliseconds !== undefined) durations.put(period, executed.milliseconds);
  };
  const putThrottle = ({ functionName: FunctionName, qualifier }: InvokeRequest) => {
    const put = (dimensions: Readonly<Record<string, string>>) =>
      store.series({ region, namespace: 'AWS/Lambda', name: 'Throttles', dimensions }).put(store.period(), 1);
    put({ FunctionName });
    put({ FunctionName, Resource: `${FunctionName}:${qualifier}` });
  };
  return async (request) => {
    const startedAt = performance.now();
    const result = await invoke(request);
    if (!isInvocation(result)) {
      if (!result.ok && result.kind === 'error' && result.errorType === THROTTLED) putThrottle(request);
      return result;
    }
    const key = `${request.functionName}:${request.qualifier}`;
    let series = byTarget.get(key);
    if (!series) {
      series = create(request.functionName, request.qualifier);
      byTarget.set(key, series);
    }
    const period = store.period();
    const duration = performance.now() - startedAt;
    for (const [invocations, errors, durations] of series) {
      invocations.put(period, 1);
      errors.put(period, result.ok ? 0 : 1);
      durations.put(period, duration);
    }
    if (result.executed) putVersion(request, result.ok, result.executed);
    return result;
  };
}

/** Errors that Lambda gives before a function is reached. */
const REFUSALS: ReadonlySet<string> = new Set(['Lambda.ServiceException', 'RequestTooLargeException', THROTTLED]);

function isInvocation(result: InvokeResult): boolean {
  if (result.ok) return true;
  return result.kind === 'error' ? !REFUSALS.has(result.errorType) : result.kind !== 'not-found';
}
