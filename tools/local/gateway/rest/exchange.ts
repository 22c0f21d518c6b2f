import * as common from '#local/gateway/exchange.ts';
import { newExtendedRequestId, newRequestId } from '#local/gateway/request-id.ts';
import type { Entrance, StageFacts } from '#local/gateway/stage-picker.ts';
import type { ClientRequest } from '#local/http/client-request.ts';
import type { TemplateOverrides } from '#local/vtl/template-context.ts';
import type { Fault } from './fault.ts';

/** One request on its way through a stage of a REST API. Path parameters are still percent-encoded, as API Gateway passes them on. */
export class Exchange extends common.Exchange<Fault> {
  readonly extendedRequestId = newExtendedRequestId();
  resourcePath: string | undefined = undefined;
  apiKey: { readonly id: string; readonly value: string } | undefined = undefined;
  /** What a Lambda authorizer said of the caller: `principalId` and what it adds. */
  authorizer: Readonly<Record<string, string>> | undefined = undefined;
  /** What the request's template wrote to `$context.requestOverride` and `$context.responseOverride`. */
  overrides: TemplateOverrides = {};

  constructor(request: ClientRequest, facts: StageFacts, entrance: Entrance) {
    super(request, facts, withoutDoubledSlash(entrance), newRequestId());
  }
}

/**
 * Slashes behind the stage count as one for the resource and for the event's `path`; `$context.path` has them all. AWS's documentation
 * doesn't say so; LocalStack's tests against AWS do (localstack/localstack#11304).
 */
function withoutDoubledSlash(entrance: Entrance): Entrance {
  if (!entrance.path.startsWith('//')) return entrance;
  const path = entrance.path.replace(/^\/+/, '/');
  return { ...entrance, path, prefix: entrance.prefix + '/'.repeat(entrance.path.length - path.length) };
}

/** A method's integration, prepared for one stage. */
export type Integration = common.Integration<Exchange, Fault>;
