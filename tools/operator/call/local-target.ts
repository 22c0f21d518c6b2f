import type { Operation } from '#contract/operation.ts';
import { connectControl } from '#local/control/client.ts';
import { type RuntimeSummary, summarize } from '#local/control/summary.ts';
import { CallError } from '#operator/cli/errors.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import type { CallTarget, Place } from './call-target.ts';

/** Where an operation answers in the runtime of the working directory. @throws NoRuntimeError when none runs */
export async function localTarget(
  operation: Pick<Operation, 'api'>,
  place: Place & { readonly key?: string },
): Promise<CallTarget> {
  const control = await connectControl(projectFolder());
  const [regions, { entries }] = await Promise.all([control.regions(), control.status()]);
  const summary = summarize(regions);
  const serving = entries.find(({ url }) => url === summary.httpEntry)?.region ?? 'primary';
  return targetIn(summary, operation, { ...place, serving });
}

/**
 * Where an operation answers in a runtime.
 *
 * @param place.serving - the region that the public name leads to, for the signature
 * @throws CallError for an environment that the runtime doesn't have
 */
export function targetIn(
  summary: RuntimeSummary,
  { api }: Pick<Operation, 'api'>,
  place: Place & { readonly key?: string; readonly serving: 'primary' | 'secondary' },
): CallTarget {
  const { env, region, key, serving } = place;
  const isPublic = env === undefined && region === undefined;
  const regional = summary.regions[region ?? (isPublic ? serving : 'primary')];
  const environments = api === 'rest' ? regional.environments : regional.httpEnvironments;
  const environment = env ?? regional.target ?? Object.keys(environments)[0] ?? '';
  const publicUrl = api === 'rest' ? summary.entry : summary.httpEntry;
  const baseUrl = isPublic ? publicUrl : environments[environment];
  if (baseUrl === undefined) {
    const allowed = Object.keys(environments);
    throw new CallError(
      allowed.length === 0
        ? 'The local runtime does not serve this API.'
        : `--env is "${environment}", allowed are ${allowed.join(', ')}.`,
    );
  }
  return {
    baseUrl,
    apiKey: key ?? keyFor(summary, environment),
    credentials: summary.invoker,
    region: regional.region,
  };
}

function keyFor({ apiKeys }: RuntimeSummary, environment: string): string | undefined {
  return apiKeys.find(({ environments }) => environments.includes(environment))?.value;
}
