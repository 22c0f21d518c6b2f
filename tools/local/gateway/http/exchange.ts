import { decodePercent } from '#functions/http/query-string.ts';
import * as common from '#local/gateway/exchange.ts';
import { newExtendedRequestId } from '#local/gateway/request-id.ts';
import type { Entrance, StageFacts } from '#local/gateway/stage-picker.ts';
import type { ClientRequest } from '#local/http/client-request.ts';
import type { AcceptedToken } from '#local/jwt/verify-token.ts';
import type { Fault } from './fault.ts';

/** One request on its way through a stage of an HTTP API. Path parameters are decoded. */
export class Exchange extends common.Exchange<Fault> {
  /** Within the stage, decoded. */
  readonly path: string;
  routeKey: string | undefined = undefined;
  /** Of a route with a JWT authorizer. */
  token: AcceptedToken | undefined = undefined;

  constructor(request: ClientRequest, facts: StageFacts, entrance: Entrance) {
    super(request, facts, entrance, newExtendedRequestId());
    this.path = decodePercent(entrance.path) ?? entrance.path;
  }
}

/** A route's integration, prepared for one stage. */
export type Integration = common.Integration<Exchange, Fault>;

/** `rawPath` and `$context.path`: begins with the stage, also where a custom domain's mapping doesn't show it. */
export function rawPath({ facts, path }: Exchange): string {
  return facts.stage === '$default' ? path : `/${facts.stage}${path}`;
}
