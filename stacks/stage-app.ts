import { App } from 'cdktf';
import type { FunctionBundle } from '#constructs/bundle/function-bundle.ts';
import type { Operation } from '#contract/operation.ts';
import type { TableDeclaration } from '#functions/environment.ts';
import { createApiStack } from './api.ts';
import { createBaseStack } from './base.ts';
import { createCallersStack } from './callers.ts';
import { createCertificatesStack } from './certificates.ts';
import { type Container, createContainerStack } from './container.ts';
import { inRegion, type RegionType, type StageContext } from './context.ts';
import { createDataStack } from './data.ts';
import { createEdgeStack } from './edge.ts';
import { createEntryStack, type Entry } from './entry.ts';
import { createEnvironmentStack, createPreviewStack } from './environment.ts';
import { replicateObjects } from './object-replication.ts';
import { createObservabilityStack } from './observability.ts';
import { createPipelineStack } from './pipeline.ts';
import { NO_RECORDS, type ReleaseRecords } from './release-record.ts';
import { createRoutingStack } from './routing.ts';

/** What a stage's stacks are made of, besides settings. */
export interface StageContent {
  /** What the API serves. */
  readonly operations: readonly Operation[];
  /** The functions' code, by name; `route-latch`, `heartbeat` and others which are no operation's, where settings ask for them. */
  readonly bundles: ReadonlyMap<string, FunctionBundle>;
  /** What the stage's environments run, and so must stay. @default - nothing is deployed */
  readonly records?: ReleaseRecords | undefined;
  /** @default - those of functions/environment.ts */
  readonly tables?: Readonly<Record<string, TableDeclaration>>;
}

/**
 * Declares every stack of a stage.
 *
 * @param outdir - where `synth()` writes. @default - what the cdktf command asks for, else `cdktf.out`
 */
export function createStageApp(
  context: StageContext,
  { operations, bundles, records = NO_RECORDS, tables }: StageContent,
  outdir?: string,
): App {
  const app = new App({ outdir, stackTraces: false });
  const data = createDataStack(app, context, records, tables);
  const certificates = createCertificatesStack(app, context);
  const createRegion = (regionType: RegionType) => {
    const region = inRegion(context, regionType);
    const base = createBaseStack(app, region, { bundles, operations });
    const served = createApiStack(app, region, { data, base, operations, bundles, records: records[regionType] });
    const environments = context.settings.apiEnvironments.map((name) =>
      createEnvironmentStack(app, region, name, served),
    );
    const preview = createPreviewStack(app, region, served);
    const entry = createEntryStack(app, region, {
      api: served,
      operations,
      environments,
      preview,
      certificates: certificates[regionType],
    });
    const container =
      certificates.container &&
      createContainerStack(app, region, { data, base, operations, certificates: certificates.container[regionType] });
    return { base, api: served, entry, container };
  };
  const [primary, secondary] = [createRegion('primary'), createRegion('secondary')];
  replicateObjects(data.declaredIn, context, { primary: primary.base, secondary: secondary.base });
  const apis = { primary: primary.api, secondary: secondary.api };
  createCallersStack(app, context, { primary: apis.primary.callers, secondary: apis.secondary.callers });
  const edge = createEdgeStack(app, context, { primary: primary.entry, secondary: secondary.entry }, operations);
  const served = { primary: namesOf(primary), secondary: namesOf(secondary) };
  const routing = createRoutingStack(app, context, served, edge);
  const containers =
    primary.container && secondary.container
      ? { primary: primary.container, secondary: secondary.container }
      : undefined;
  createObservabilityStack(app, context, { apis, data, routing, containers });
  createPipelineStack(app, context, secondary.base);
  return app;
}

/** What a region serves under public names. */
function namesOf({ entry, container }: { readonly entry: Entry; readonly container: Container | undefined }) {
  const { rest, http, hostedZoneId } = entry;
  return { hostedZoneId, names: { rest, http, ...(container && { container: container.name }) } };
}
