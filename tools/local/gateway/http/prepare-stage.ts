import { compileAccessLog, type Variable } from '#local/gateway/access-log.ts';
import { type StageFacts, stageFacts } from '#local/gateway/stage-picker.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import type { HttpApi, HttpRoute, HttpStage, RegionModel } from '#local/model/model.ts';

import { contextVariables } from './context-variables.ts';
import { type ApplyCors, compileCors } from './cors.ts';
import type { Exchange } from './exchange.ts';
import { type Integration, prepareIntegration } from './lambda-integration.ts';
import { compileRoutes, type RouteMatch } from './match-route.ts';

/** A route of one stage, with all that its requests need. */
export interface Route {
  readonly routeKey: string;
  readonly authorization: HttpRoute['authorization'];
  readonly integrate: Integration;
}

export interface PreparedStage {
  readonly facts: StageFacts;
  readonly match: (method: string, path: string) => RouteMatch<Route> | undefined;
  /** Absent: the API has no CORS configuration. */
  readonly applyCors: ApplyCors | undefined;
  readonly accessLog: { readonly logGroup: string; readonly render: Variable<Exchange> } | undefined;
}

interface StageOptions {
  readonly region: RegionModel;
  readonly invoke: InvokeFunction;
  readonly warn: (message: string) => void;
}

/** Compiles a stage: nothing of the model is looked at again while requests are served. */
export function prepareStage(api: HttpApi, stage: HttpStage, { region, invoke, warn }: StageOptions): PreparedStage {
  const facts = stageFacts(api, stage, region.region);
  const { accessLog } = stage;
  return {
    facts,
    match: compileRoutes(
      api.routes.map((route) => ({
        routeKey: route.routeKey,
        route: {
          routeKey: route.routeKey,
          authorization: route.authorization,
          integrate: prepareIntegration({ route, facts, functions: region.functions, invoke, warn }),
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
