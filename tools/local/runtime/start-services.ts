import { join } from 'node:path';
import { type Alarms, startAlarms } from '#local/cloudwatch/alarms.ts';
import { takeEmbeddedMetrics } from '#local/cloudwatch/embedded-metrics.ts';
import { MetricStore } from '#local/cloudwatch/metric-store.ts';
import { sampleHealth } from '#local/cloudwatch/sample-health.ts';
import type { RuntimeControls } from '#local/control/controls.ts';
import { startControl } from '#local/control/server.ts';
import { type RuntimeSummary, summarize } from '#local/control/summary.ts';
import type { DataFolder } from '#local/data/data-folder.ts';
import { createDoors, type Debugging } from '#local/debug/doors.ts';
import { RecordedRequests } from '#local/events/recorded-requests.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import { Failures } from '#local/failure/failure.ts';
import { createInvokeAuthorizer } from '#local/iam/authorize-invoke.ts';
import { createAuthorizer } from '#local/iam/authorizer.ts';
import { createCredentialStore } from '#local/iam/credential-store.ts';
import { ofServedServices } from '#local/iam/grant-uses.ts';
import { createIssuerKeys } from '#local/jwt/issuer-keys.ts';
import { signerOf, startLocalIssuer } from '#local/jwt/local-issuer.ts';
import type { SourceMapOf } from '#local/lambda/source-positions.ts';
import type { AlarmsModel, LocalModel, RegionModel, RegionType } from '#local/model/model.ts';
import { packageCopies } from '#local/release/package-copies.ts';
import { createReleases, type Releases } from '#local/release/releases.ts';
import { startRouting } from '#local/route53/routing.ts';
import { createLiveTarget } from '#local/target/live-target.ts';
import type { TargetParts } from '#local/target/target-parts.ts';
import { SERVED_PREFIXES, startAwsServices } from './aws-services.ts';
import { failingServices } from './fail-services.ts';
import { loadModel, type ReadParameter, type Synthesis, type UsagePlansOf } from './load-model.ts';
import type { Ports } from './ports.ts';
import { hostEndpoints, runSchedules } from './run-schedules.ts';
import { createControls } from './runtime-controls.ts';
import { startPublicName } from './start-public-name.ts';
import { startRegion } from './start-region.ts';
import type { Startup } from './startup.ts';

/** What is saved while a runtime runs, and served by the environments that follow the working tree. */
export interface WorkingTree {
  /** A synthesis of all of it; the folder may go afterwards. @throws ReleaseError, when nothing has changed */
  follow(synthesis: Synthesis): ReturnType<Releases['follow']>;
  /** The functions' code alone. @throws ReleaseError, when nothing has changed */
  readonly followCode: Releases['followCode'];
}

export interface ServicesOptions {
  readonly model: LocalModel;
  readonly targetParts: TargetParts;
  readonly usagePlans: UsagePlansOf;
  /** SSM parameter → value, in both regions. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly ports: Ports;
  /** @default - nothing outlives the runtime */
  readonly data?: DataFolder | undefined;
  readonly replicationLagMilliseconds: number;
  readonly timeScale: number;
  /** false: no metrics, no alarms, and no web ACL, to measure what they cost. @default true */
  readonly isWatched?: boolean;
  /** Whether web ACLs block this machine's own address, too, which else they count alone. @default false */
  readonly waf?: boolean | undefined;
  /** Folder that gets `.two-region/local.json`. */
  readonly directory: string;
  readonly log: RuntimeLog;
  /** Names whose values are not recorded of requests, beside callers' credentials. @default - none */
  readonly secrets?: readonly string[] | undefined;
  /** Finds source maps of the packages. @default - there are none */
  readonly sourceMapOf?: SourceMapOf;
  /** Lets debuggers look into the functions. @default - none may */
  readonly debugging?: Debugging | undefined;
}

/**
 * Starts the services of a model: those that hold data, in both regions and with what replicates between them; the functions and gateways of
 * each region; the names that lead to them; and the control endpoint last, so that whoever finds it finds a runtime that serves.
 *
 * @param startup - takes charge of ending what has started, also when a later service fails to start
 */
export async function startServices(
  startup: Startup,
  options: ServicesOptions,
): Promise<{ summary: RuntimeSummary; controls: RuntimeControls; workingTree: WorkingTree }> {
  const { ports, parameters, timeScale, replicationLagMilliseconds, directory, log, isWatched = true } = options;
  const copies = packageCopies(join(directory, '.two-region/packages'));
  startup.keep({ close: () => copies.remove() });
  const model = await copies.unpack(options.model);
  const credentials = createCredentialStore(model);
  const authorizer = createAuthorizer({ credentials, log });
  const failures = new Failures({ timeScale });
  const metrics = new MetricStore(timeScale);
  const recorded = new RecordedRequests(options.secrets);
  // Alarms start last, when all that they are on is there.
  let watchedAlarms: Alarms['described'] = () => [];
  const stopMetrics = takeEmbeddedMetrics(log, metrics, model.regions);
  const context = (type: RegionType) => ({
    model: model.regions[type],
    parameters,
    authorize: failingServices(failures, type, authorizer.authorize),
    log,
    watching: { metrics, alarms: () => watchedAlarms() },
  });
  const services = await startAwsServices(
    startup,
    { primary: context('primary'), secondary: context('secondary') },
    { lagMilliseconds: replicationLagMilliseconds, log, mayRole: authorizer.mayRole },
    { data: options.data, port: ports.aws },
  );
  const issuer = startup.keep(await startLocalIssuer());
  const doors = options.debugging && startup.keep(createDoors(options.debugging));
  const start = (type: RegionType) =>
    startRegion(startup, {
      model: model.regions[type],
      ports: { rest: ports.rest[type], http: ports.http[type] },
      services: services.urls[type],
      authorizeIam: createInvokeAuthorizer(authorizer),
      keysOf: createIssuerKeys(issuer.ask),
      failures,
      metrics,
      recorded,
      credentialsFor: credentials.forRole,
      sourceMapOf: options.sourceMapOf,
      doors,
      waf: options.waf,
      isWatched,
      log,
    });
  const regions = { primary: await start('primary'), secondary: await start('secondary') };
  await doors?.opened();
  const routed = (type: RegionType) => ({
    gateways: regions[type].gateways,
    s3Port: Number(new URL(services.urls[type].s3 ?? '').port),
    bucketFailure: (name: string) => failures.faults(type, ['region', `bucket:${name}`]).mode(),
    erratic: () => failures.of(type).some(({ mode }) => mode.kind === 'errors'),
  });
  const routing = startup.keep(
    startRouting({ model, regions: { primary: routed('primary'), secondary: routed('secondary') }, timeScale, log }),
  );
  const named = { model, regions, routing, failures, timeScale, log };
  const rest = await startPublicName(startup, { ...named, kind: 'rest', port: ports.rest.entry });
  if (!rest) throw noPublicName(model.stage);
  const http = await startPublicName(startup, { ...named, kind: 'http', port: ports.http.entry });
  startup.keep({ close: async () => stopMetrics() });
  const portsOf = ({ gateways }: (typeof regions)['primary']) => ({
    rest: gateways.rest.port,
    http: gateways.http.port,
  });
  const gatewayPorts = { primary: portsOf(regions.primary), secondary: portsOf(regions.secondary) };
  const endpoints = hostEndpoints(model, http ? [rest, http] : [rest], services.urls, gatewayPorts);
  for (const type of REGION_TYPES) {
    const invokerOf = (released: RegionModel) => regions[type].invokerOf(released, credentials.forRole);
    startup.keep(runSchedules({ model: model.regions[type], invokerOf, endpoints, failures, timeScale }));
  }
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
  const alarms = startup.keep(
    startAlarms({
      model: (isWatched && model.alarms) || NO_ALARMS,
      metrics,
      sample: sampleHealth(metrics, model, routing),
      log,
    }),
  );
  watchedAlarms = alarms.described;
  const startedAt = Date.now();
  // A release is evaluated with the parameters that there are, as an apply of it would.
  const parameter: ReadParameter = (region, name) =>
    services.parameter(region === model.regions.primary.region ? 'primary' : 'secondary', name);
  let { usagePlans } = options;
  let seeds = parameters;
  const needed = (primary: RegionModel, secondary: RegionModel) => ({
    primary: { model: primary, parameters: seeds },
    secondary: { model: secondary, parameters: seeds },
  });
  const releases = createReleases({
    model,
    startedAt,
    regions,
    copies,
    addRoles: credentials.addRoles,
    grow: ({ regions: { primary, secondary }, alarms: watched = NO_ALARMS }) => {
      services.grow(needed(primary, secondary));
      alarms.update(watched);
    },
    log,
  });
  /** Lets a release load a synthesis. What it leaves behind stays only when the release is made. */
  const releaseOf = async <T>(synthesis: Synthesis, make: (load: () => Promise<LocalModel>) => Promise<T>) => {
    let undo = () => {};
    try {
      return await make(async () => {
        const loaded = await loadModel(synthesis, parameter);
        // Only now is it this one's turn: before, another may have been made.
        const before = { seeds, usagePlans };
        undo = () => {
          ({ seeds, usagePlans } = before);
        };
        ({ parameters: seeds } = synthesis);
        ({ usagePlans } = loaded);
        return loaded.model;
      });
    } catch (error) {
      undo();
      throw error;
    }
  };
  const controls = createControls({
    ...named,
    target,
    alarms,
    metrics,
    recorded,
    credentials,
    links: services.links,
    startedAt,
    releases,
    deployment: {
      deploy: ({ environment, synthesis, withNewVersions = false, without }) =>
        releaseOf(synthesis, (load) => releases.deploy(environment, load, { withNewVersions, without })),
      plan: ({ environment, synthesis, withNewVersions = false, without }) => {
        const load = async () => (await loadModel(synthesis, parameter)).model;
        return releases.plan(environment, load, { withNewVersions, without });
      },
      admitKeys: async (types) => releases.admitKeys(usagePlans(parameter), types),
    },
    data: {
      contents: services.contents,
      fill: services.fill,
      reset: () => services.reset(needed(model.regions.primary, model.regions.secondary)),
    },
    publicNames: http ? [rest, http] : [rest],
    unusedPermissions: () => ({ unused: ofServedServices(authorizer.unusedActions(), SERVED_PREFIXES) }),
    token: signerOf(issuer, () => [...releases.current().values()].map((release) => release.model)),
    replicationLagMilliseconds,
  });
  startup.keep(await startControl({ controls, log, directory }));
  const workingTree: WorkingTree = {
    follow: (synthesis) => releaseOf(synthesis, (load) => releases.follow(load)),
    followCode: releases.followCode,
  };
  return { summary: summarize(controls.regions(), options.data?.path), controls, workingTree };
}

const REGION_TYPES = ['primary', 'secondary'] as const;
const NO_ALARMS: AlarmsModel = { metric: [], composite: [] };

function noPublicName(stage: string): Error {
  const missing = `No alias record of the stage ${stage} leads to a REST API's custom domain in both regions`;
  return new Error(`${missing}: add one to the routing stack.`);
}
