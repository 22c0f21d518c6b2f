import { type RuntimeControls, startControl } from './control/server.ts';
import { startReplication } from './dynamodb/replication.ts';
import { createInvokeAuthorizer } from './iam/authorize-invoke.ts';
import { createAuthorizer } from './iam/authorizer.ts';
import { createCredentialStore } from './iam/credential-store.ts';
import type { LocalModel } from './model/model.ts';
import type { Ports } from './ports.ts';
import { startEntry } from './route53/entry.ts';
import { restNames } from './route53/public-names.ts';
import { startResolver } from './route53/resolver.ts';
import { type Routing, startRouting } from './route53/routing.ts';
import { createControls, type PublicName } from './runtime-controls.ts';
import type { RuntimeLog } from './runtime-log.ts';
import { startRegion } from './start-region.ts';
import type { Startup } from './startup.ts';
import { type RuntimeSummary, summarize } from './summary.ts';

export interface ServicesOptions {
  readonly model: LocalModel;
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
  const iam = {
    authorize: authorizer.authorize,
    authorizeIam: createInvokeAuthorizer(authorizer),
    credentialsFor: credentials.forRole,
  };
  const shared = { parameters, iam, log };
  const primary = await startRegion(startup, { model: model.regions.primary, port: ports.primary, ...shared });
  const secondary = await startRegion(startup, { model: model.regions.secondary, port: ports.secondary, ...shared });
  const gateways = { primary: primary.gateway, secondary: secondary.gateway };
  const replication = startup.keep(
    startReplication({
      primary: primary.dynamoDb,
      secondary: secondary.dynamoDb,
      lagMilliseconds: replicationLagMilliseconds,
      log,
    }),
  );
  const routing = startup.keep(startRouting({ model, gateways, timeScale, log }));
  const publicName = await startPublicName(startup, options, routing, gateways);
  const controls = createControls({
    model,
    gateways,
    replication,
    routing,
    publicNames: [publicName],
    timeScale,
    replicationLagMilliseconds,
    log,
  });
  const entry = { name: publicName.name, url: publicName.entry.url };
  const urls = { primary: primary.gateway.url, secondary: secondary.gateway.url };
  const summary = summarize(model, entry, urls);
  const { accessKeyId, secretAccessKey } = credentials.allowedInvoker.credentials;
  const told = { ...summary, invoker: { accessKeyId, secretAccessKey } };
  startup.keep(await startControl({ controls, summary: told, log, directory }));
  return { summary, controls };
}

async function startPublicName(
  startup: Startup,
  { model, ports, timeScale, log }: ServicesOptions,
  { dns, regionOf }: Routing,
  gateways: Parameters<typeof startEntry>[0]['gateways'],
): Promise<PublicName> {
  const [name] = restNames(model);
  if (name === undefined) {
    throw new Error(
      `No alias record of the stage ${model.stage} leads to a REST API's custom domain in both regions: add one to the routing stack.`,
    );
  }
  const resolver = startup.keep(startResolver({ name, dns, regionOf, timeScale, log }));
  const entry = startup.keep(await startEntry({ name, port: ports.entry, resolver, gateways }));
  return { name, resolver, entry };
}
