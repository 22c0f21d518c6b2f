import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import { createWarnOnce, type RegionalGateway, startGatewayServer } from '#local/gateway/gateway-server.ts';
import { newExtendedRequestId } from '#local/gateway/request-id.ts';
import { compileStagePicker, type StageEntry } from '#local/gateway/stage-picker.ts';
import { createThrottle, type Throttle } from '#local/gateway/throttle.ts';
import { receive } from '#local/http/client-request.ts';
import { sendReply } from '#local/http/reply.ts';
import type { AuthorizeIam } from '#local/iam/authorize-invoke.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import type { CustomDomain, RegionModel } from '#local/model/model.ts';

import { answer } from './answer.ts';
import { beginExchange, type Exchange } from './exchange.ts';
import { configurationFault, isFault, NOT_FOUND, THROTTLED, toReply } from './fault.ts';
import { type PreparedStage, prepareStage } from './prepare-stage.ts';

/** An account's in each region. Source: Amazon API Gateway Developer Guide, "Amazon API Gateway quotas", account-level. */
const ACCOUNT_THROTTLE = { rateLimit: 10_000, burstLimit: 5_000 };

export interface HttpGatewayOptions {
  readonly region: RegionModel;
  /** 0: any free port. */
  readonly port: number;
  readonly invoke: InvokeFunction;
  /** @default none: routes with `AWS_IAM` authorization refuse every request with 403 */
  readonly authorizeIam?: AuthorizeIam;
  readonly log: RuntimeLog;
  /** Requests a second, and the size of the bucket. @default 10,000 and 5,000, an account's */
  readonly throttle?: { readonly rateLimit: number; readonly burstLimit: number };
}

interface Served extends Pick<HttpGatewayOptions, 'authorizeIam' | 'log' | 'region'> {
  readonly admit: Throttle;
  readonly warnOnce: (message: string) => void;
}

/**
 * Serves the HTTP APIs of a region. URLs: `<url>/<stage>/<path>`, `<url>/<path>` for the stage `$default`; see `compileStagePicker` for the
 * other `Host` headers.
 *
 * @throws for a port that is taken (`EADDRINUSE`)
 */
export async function startHttpGateway(options: HttpGatewayOptions): Promise<RegionalGateway> {
  const { region, log, authorizeIam } = options;
  const stages = prepareStages(options);
  const pickerFor = (domains: readonly CustomDomain[]) =>
    compileStagePicker({ region: region.region, domains }, region.httpApis ?? [], stages);
  let pick = pickerFor(region.domains);
  const { rateLimit, burstLimit } = options.throttle ?? ACCOUNT_THROTTLE;
  const admit = createThrottle(rateLimit, burstLimit, () => performance.now());
  const served: Served = { region, log, admit, warnOnce: createWarnOnce(log), ...(authorizeIam && { authorizeIam }) };
  const server = await startGatewayServer(options.port, (request, response) => {
    const client = receive(request);
    const mark = client.target.indexOf('?');
    const path = mark < 0 ? client.target : client.target.slice(0, mark);
    const picked = pick(client.headers.host ?? '', path);
    if (!picked) {
      sendReply(response, toReply(NOT_FOUND), ['Apigw-Requestid', newExtendedRequestId()]);
      return;
    }
    const exchange = beginExchange(client, picked.stage.facts, picked.entrance);
    serve(request, response, exchange, picked.stage, served).catch((error: unknown) => {
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

function prepareStages({ region, invoke, log }: HttpGatewayOptions): StageEntry<PreparedStage>[] {
  const report = (message: string) => warn(log, `${region.type} ${message}`);
  return (region.httpApis ?? []).flatMap((api) =>
    api.stages.map((stage) => ({
      apiId: api.id,
      name: stage.name,
      stage: prepareStage(api, stage, { region, invoke, warn: report }),
    })),
  );
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
  stage: PreparedStage,
  served: Served,
): Promise<void> {
  const { log, region } = served;
  const outcome = await decide(request, exchange, stage, served);
  if (!outcome || response.destroyed) return;
  if (isFault(outcome)) {
    exchange.fault = outcome;
    warnOfConfiguration(exchange, served);
  }
  const plain = isFault(outcome) ? toReply(outcome) : outcome;
  const reply = stage.applyCors?.(plain, exchange.request) ?? plain;
  exchange.responseLength = sendReply(response, reply, ['Apigw-Requestid', exchange.requestId]);
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

async function decide(
  request: IncomingMessage,
  exchange: Exchange,
  stage: PreparedStage,
  { admit, authorizeIam, log, region }: Served,
) {
  if (!admit()) return THROTTLED;
  try {
    return await answer(request, exchange, stage, authorizeIam);
  } catch (error) {
    warn(log, `${region.type} ${exchange.request.method} ${exchange.routeKey}: ${describe(error)}`);
    return { ...configurationFault(describe(error)), responseType: 'DEFAULT_5XX' };
  }
}

/** What is wrong with the API, not with the request, is said once. */
function warnOfConfiguration({ fault, facts, routeKey }: Exchange, { region, warnOnce }: Served): void {
  if (fault?.responseType !== 'API_CONFIGURATION_ERROR') return;
  warnOnce(`${region.type} ${facts.stage} ${routeKey}: ${fault.integrationError ?? fault.message}`);
}

function warn(log: RuntimeLog, message: string): void {
  log.write({ kind: 'warning', time: Date.now(), message });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
