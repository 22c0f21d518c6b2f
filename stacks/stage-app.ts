import { App } from 'cdktf';
import type { FunctionBundle } from '#constructs/function-bundle.ts';
import type { Operation } from '#contract/operation.ts';
import { createApiStack } from './api.ts';
import { createBaseStack } from './base.ts';
import { createCertificatesStack } from './certificates.ts';
import { inRegion, type RegionType, type StageContext } from './context.ts';
import { createDataStack } from './data.ts';
import { createEntryStack } from './entry.ts';
import { createEnvironmentStack, createPreviewStack } from './environment.ts';
import { createRoutingStack } from './routing.ts';

/**
 * Declares every stack of a stage.
 *
 * @param api.operations - what the API serves
 * @param api.bundles - the functions' code, by name
 * @param outdir - where `synth()` writes. @default - what the cdktf command asks for, else `cdktf.out`
 */
export function createStageApp(
  context: StageContext,
  api: { readonly operations: readonly Operation[]; readonly bundles: ReadonlyMap<string, FunctionBundle> },
  outdir?: string,
): App {
  const app = new App({ outdir, stackTraces: false });
  const data = createDataStack(app, context);
  const certificates = createCertificatesStack(app, context);
  const createRegion = (regionType: RegionType) => {
    const region = inRegion(context, regionType);
    const base = createBaseStack(app, region);
    const served = createApiStack(app, region, { data, base, ...api });
    const environments = context.settings.apiEnvironments.map((name) =>
      createEnvironmentStack(app, region, name, served),
    );
    createPreviewStack(app, region, served);
    return createEntryStack(app, region, { api: served, environments, certificates });
  };
  createRoutingStack(app, context, { primary: createRegion('primary'), secondary: createRegion('secondary') });
  return app;
}
