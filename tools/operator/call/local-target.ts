import type { Operation } from '#contract/operation.ts';
import { connectControl } from '#local/control/client.ts';
import type { RuntimeControls } from '#local/control/controls.ts';
import { type RuntimeSummary, summarize } from '#local/control/summary.ts';
import { CallError } from '#operator/cli/errors.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import type { CallTarget, Identification, Place } from './call-target.ts';

/** Where an operation answers in the runtime of the working directory. @throws NoRuntimeError when none runs */
export async function localTarget(
  operation: Pick<Operation, 'api' | 'scopes'>,
  place: Place & Identification,
): Promise<CallTarget> {
  const control = await connectControl(projectFolder());
  const { token = tokenFor(operation, control) } = place;
  return targetIn(summarize(await control.regions()), operation, { ...place, token });
}

/** Lets a runtime sign a token that an operation takes. */
export function tokenFor(
  { scopes = [] }: Pick<Operation, 'scopes'>,
  runtime: Pick<RuntimeControls, 'token'>,
): () => Promise<string> {
  return async () => (await runtime.token({ scopes })).token;
}

/**
 * Where an operation answers in a runtime.
 *
 * @throws CallError for an environment that the runtime doesn't have
 */
export function targetIn(
  summary: RuntimeSummary,
  { api }: Pick<Operation, 'api'>,
  { env, region, key, token }: Place & Identification,
): CallTarget {
  const isPublic = env === undefined && region === undefined;
  const regional = summary.regions[region ?? 'primary'];
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
    ...(token !== undefined && { token }),
    region: regional.region,
    ...(isPublic && { regions: ownPlaces(summary, api, baseUrl) }),
  };
}

/** What the regions' own names lead to: the target of each, at its gateway. */
function ownPlaces({ regions }: RuntimeSummary, api: Operation['api'], publicUrl: string): CallTarget['regions'] {
  const all = [regions.primary, regions.secondary];
  return {
    regions: all.map(({ region }) => region),
    regionalUrl: (wanted) => {
      const own = all.find(({ region }) => region === wanted);
      const environments = api === 'rest' ? own?.environments : own?.httpEnvironments;
      return environments?.[own?.target ?? ''] ?? publicUrl;
    },
  };
}

function keyFor({ apiKeys }: RuntimeSummary, environment: string): string | undefined {
  return apiKeys.find(({ environments }) => environments.includes(environment))?.value;
}
