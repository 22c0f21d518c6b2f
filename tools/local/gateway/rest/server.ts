import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import { createWarnOnce, type RegionalGateway, startGatewayServer } from '#local/gateway/gateway-server.ts';
import { newExtendedRequestId, newRequestId } from '#local/gateway/request-id.ts';
import { compileStagePicker, type StageEntry } from '#local/gateway/stage-picker.ts';
import { receive } from '#local/http/client-request.ts';
import { type Reply, sendReply } from '#local/http/reply.ts';
import type { AuthorizeIam } from '#local/iam/authorize-invoke.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import type { CustomDomain, RegionModel, RegionType } from '#local/model/model.ts';
import type { CompileTemplate } from '#local/vtl/template-context.ts';
import { answer } from './answer.ts';
import { type Clocks, prepareKeys } from './api-keys.ts';
import { beginExchange, type Exchange, isFault } from './exchange.ts';
import { type Fault, INTERNAL_SERVER_ERROR } from './fault.ts';
import { compileGatewayResponses } from './gateway-responses.ts';
import { type PreparedStage, prepareStage } from './prepare-stage.ts';

export interface RestGatewayOptions {
  readonly region: RegionModel;
  /** 0: any free port. */
  readonly port: number;
  readonly invoke: InvokeFunction;
  readonly compileTemplate: CompileTemplate;
  /** @default none: routes with `AWS_IAM` authorization refuse every request with 403 */
  readonly authorizeIam?: AuthorizeIam;
  readonly log: RuntimeLog;
  /** @default the machine's */
  readonly clocks?: Clocks;
}

const MACHINE_CLOCKS: Clocks = { epoch: () => Date.now(), monotonic: () => performance.now() };

/**
 * Serves the REST APIs of a region. URLs: `<url>/<stage>/<path>`; see `compileStagePicker` for the other `Host` headers.
 *
 * @throws when a mapping template or a model of the region can't be compiled, and for a port that is taken (`EADDRINUSE`)
 */
export async function startRestGateway(options: RestGatewayOptions): Promise<RegionalGateway> {
  const { region, log } = options;
  const stages = prepareStages(options);
  const pickerFor = (domains: readonly CustomDomain[]) =>
    compileStagePicker({ region: region.region, domains }, region.restApis, stages);
  let pick = pickerFor(region.domains);
  const warnOnce = createWarnOnce(log);
  const server = await startGatewayServer(options.port, (request, response) => {
    const client = receive(request);
    const mark = client.target.indexOf('?');
    const path = mark < 0 ? client.target : client.target.slice(0, mark);
    const picked = pick(client.headers.host ?? '', path);
    if (!picked) {
      forbid(response);
      return;
    }
    const exchange = beginExchange(client, picked.stage.facts, picked.entrance);
    serve(request, response, exchange, picked.stage, options, warnOnce).catch((error: unknown) => {
      warn(log, `${exchange.requestId}: the response could not be sent: ${describe(error)}`);
      response.destroy();
    });
  });
  return {
    ...server,
    setDomains: (domains) => {
      pick = pickerFor(domains);
    },
  };
}

function prepareStages({ region, invoke, compileTemplate, log, clocks }: RestGatewayOptions) {
  const keysOf = prepareKeys(region.usagePlans, clocks ?? MACHINE_CLOCKS);
  return region.restApis.flatMap((api) => {
    const respondToFault = compileGatewayResponses(api.gatewayResponses);
    return api.stages.map((stage): StageEntry<PreparedStage> => {
      const keys = keysOf(api.id, stage.name);
      const report = (message: string) => warn(log, `${region.type} ${message}`);
      const shared = { region, keys, respondToFault, invoke, compileTemplate, warn: report };
      return { apiId: api.id, name: stage.name, stage: prepareStage(api, stage, shared) };
    });
  });
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
  stage: PreparedStage,
  { authorizeIam, log, region }: RestGatewayOptions,
  warnOnce: (message: string) => void,
): Promise<void> {
  let outcome: Fault | Reply | undefined;
  try {
    outcome = await answer(request, exchange, stage, authorizeIam);
  } catch (error) {
    warn(log, `${region.type} ${exchange.request.method} ${exchange.resourcePath}: ${describe(error)}`);
    outcome = { responseType: 'DEFAULT_5XX', message: INTERNAL_SERVER_ERROR, integrationError: describe(error) };
  }
  if (!outcome || response.destroyed) return;
  if (isFault(outcome)) warnOfConfiguration(outcome, exchange, region.type, warnOnce);
  const reply = isFault(outcome) ? stage.respondToFault(exchange, outcome) : outcome;
  exchange.responseLength = sendReply(response, reply, [
    'x-amzn-RequestId',
    exchange.requestId,
    'x-amz-apigw-id',
    exchange.extendedRequestId,
    'X-Amzn-Trace-Id',
    exchange.traceHeader,
  ]);
  exchange.status = reply.status;
  if (!stage.accessLog) return;
  log.write({
    kind: 'access',
    time: exchange.startedAt,
    region: region.type,
    environment: exchange.facts.stage,
    logGroup: stage.accessLog.logGroup,
    requestId: exchange.requestId,
    line: stage.accessLog.render(exchange),
  });
}

/** What is wrong with the API, not with the request, is said once. */
function warnOfConfiguration(
  fault: Fault,
  exchange: Exchange,
  region: RegionType,
  warnOnce: (message: string) => void,
) {
  if (fault.responseType !== 'API_CONFIGURATION_ERROR') return;
  const { facts, request, resourcePath } = exchange;
  warnOnce(`${region} ${facts.stage} ${request.method} ${resourcePath}: ${fault.integrationError ?? fault.message}`);
}

/** No API, or no such stage of it: AWS answers without knowing whose gateway responses would apply. */
function forbid(response: ServerResponse): void {
  const body = '{"message":"Forbidden"}';
  response.writeHead(403, [
    'Content-Type',
    'application/json',
    'Content-Length',
    String(body.length),
    'x-amzn-RequestId',
    newRequestId(),
    'x-amz-apigw-id',
    newExtendedRequestId(),
    'x-amzn-ErrorType',
    'ForbiddenException',
  ]);
  response.end(body);
}

function warn(log: RuntimeLog, message: string): void {
  log.write({ kind: 'warning', time: Date.now(), message });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
