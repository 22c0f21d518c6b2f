import type { RuntimeControls } from '#local/control/controls.ts';
import { startControl } from '#local/control/server.ts';
import { startReplication } from '#local/dynamodb/replication.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import { createInvokeAuthorizer } from '#local/iam/authorize-invoke.ts';
import { createAuthorizer } from '#local/iam/authorizer.ts';
import { createCredentialStore } from '#local/iam/credential-store.ts';
import { ofServedServices } from '#local/iam/grant-uses.ts';
import type { LocalModel, RegionType } from '#local/model/model.ts';
import { startRouting } from '#local/route53/routing.ts';
import { createLiveTarget } from '#local/target/live-target.ts';
import type { TargetParts } from '#local/target/target-parts.ts';
import type { Ports } from './ports.ts';
import { createControls } from './runtime-controls.ts';
import { startPublicName } from './start-public-name.ts';
import { startRegion } from './start-region.ts';
import type { Startup } from './startup.ts';
import { type RuntimeSummary, summarize } from './summary.ts';

export interface ServicesOptions {
  readonly model: LocalModel;
  readonly targetParts: TargetParts;
  /** SSM parameter → value, in both regions. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly ports: Ports;
  readonly replicationLagMilliseconds: number;
  readonly timeScale: number;
  /** Folder that gets `.two-region/local.json`. */
  readonly directory: string;
  readonly log: RuntimeLog;
}

/**
 * Starts the services of a model: two regions, what replicates between them, the names that lead to them, and the control endpoint last,
 * so that whoever finds it finds a runtime that serves.
 *
 * @param startup - takes charge of ending what has started, also when a later service fails to start
 */
export async function startServices(
  startup: Startup,
  options: ServicesOptions,
): Promise<{ summary: RuntimeSummary; controls: RuntimeControls }> {
  const { model, ports, parameters, timeScale, replicationLagMilliseconds, directory, log } = options;
  const credentials = createCredentialStore(model);
  const authorizer = createAuthorizer({ credentials, log });
  const authorizeIam = createInvokeAuthorizer(authorizer);
  const iam = { authorize: authorizer.authorize, authorizeIam, credentialsFor: credentials.forRole };
  const start = (type: RegionType) =>
    startRegion(startup, {
      model: model.regions[type],
      ports: { rest: ports.rest[type], http: ports.http[type] },
      parameters,
      iam,
      log,
    });
  const regions = { primary: await start('primary'), secondary: await start('secondary') };
  const replication = startup.keep(
    startReplication({
      primary: regions.primary.dynamoDb,
      secondary: regions.secondary.dynamoDb,
      lagMilliseconds: replicationLagMilliseconds,
      log,
    }),
  );
  const routing = startup.keep(startRouting({ model, regions, timeScale, log }));
  const named = { model, regions, routing, timeScale, log };
  const rest = await startPublicName(startup, { ...named, kind: 'rest', port: ports.rest.entry });
  if (!rest) throw noPublicName(model.stage);
  const http = await startPublicName(startup, { ...named, kind: 'http', port: ports.http.entry });
  const target = createLiveTarget({
    model,
    parts: options.targetParts,
    gateways: {
      primary: Object.values(regions.primary.gateways),
      secondary: Object.values(regions.secondary.gateways),
    },
    healthChecks: routing,
    log,
  });
  const summary = () => summarize({ model: target.model(), regions, rest, http, credentials });
  const controls = createControls({
    ...named,
    target,
    summary,
    replication,
    publicNames: http ? [rest, http] : [rest],
    unusedPermissions: () => ({ unused: ofServedServices(authorizer.unusedActions()) }),
    replicationLagMilliseconds,
  });
  const endpoints = {
    credentials: credentials.operator.credentials,
    regions: {
      primary: { region: model.regions.primary.region, ...regions.primary.endpoints },
      secondary: { region: model.regions.secondary.region, ...regions.secondary.endpoints },
    },
  };
  startup.keep(await startControl({ controls, endpoints, log, directory }));
  return { summary: summary(), controls };
}

function noPublicName(stage: string): Error {
  const missing = `No alias record of the stage ${stage} leads to a REST API's custom domain in both regions`;
  return new Error(`${missing}: add one to the routing stack.`);
}
