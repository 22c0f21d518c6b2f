import { compileAccessLog } from '#local/gateway/access-log.ts';
import type * as kind from '#local/gateway/kind.ts';
import { stageFacts } from '#local/gateway/stage-picker.ts';
import { type Throttle, throttleOf } from '#local/gateway/throttle.ts';
import type { KeysOf } from '#local/jwt/issuer-keys.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import type { HttpApi, HttpStage } from '#local/model/api-model.ts';
import type { RegionModel } from '#local/model/model.ts';

import { contextVariables } from './context-variables.ts';
import { type ApplyCors, compileCors } from './cors.ts';
import type { Exchange } from './exchange.ts';
import type { Fault } from './fault.ts';
import { prepareJwtAuthorizer } from './jwt-authorizer.ts';
import { prepareIntegration } from './lambda-integration.ts';
import { compileRoutes } from './match-route.ts';

/** A route of one stage, with all that its requests need. */
export interface Route extends kind.Route<Exchange, Fault> {
  readonly routeKey: string;
  /** Says whether a request may pass now, and counts it if so. Absent: the account's limits alone. */
  readonly admit: Throttle | undefined;
}

export interface PreparedStage extends kind.Stage<Route, Exchange> {
  /** Absent: the API has no CORS configuration. */
  readonly applyCors: ApplyCors | undefined;
}

interface StageOptions {
  readonly region: RegionModel;
  readonly invoke: InvokeFunction;
  readonly keysOf: KeysOf;
  readonly warn: (message: string) => void;
}

/** Compiles a stage: nothing of the model is looked at again while requests are served. */
export function prepareStage(
  api: HttpApi,
  stage: HttpStage,
  { region, invoke, keysOf, warn }: StageOptions,
): PreparedStage {
  const facts = stageFacts(api, stage, region.region);
  const { accessLog } = stage;
  return {
    facts,
    match: compileRoutes(
      api.routes.map((route) => ({
        routeKey: route.routeKey,
        route: {
          routeKey: route.routeKey,
          admit: throttleOf(route.routeKey, stage.routeThrottles, stage.defaultThrottle),
          authorization: route.authorization,
          authorize: route.jwt && prepareJwtAuthorizer(route.jwt, keysOf),
          integrate: prepareIntegration({ route, facts, region, invoke, warn }),
        },
      })),
    ),
    applyCors: api.cors && compileCors(api.cors),
    accessLog: accessLog && {
      logGroup: accessLog.logGroup,
      render: compileAccessLog(accessLog.format, contextVariables),
    },
  };
}
