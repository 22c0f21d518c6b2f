import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { RegionType } from '#stacks/context.ts';

/** The stacks of a stage `dev`, as a synthesis describes them. */
export function stacksOfAStage(environments: readonly string[] = ['envA', 'envB']): readonly SynthesizedStack[] {
  const regional = (kind: string, needs: readonly string[], variables: readonly string[] = []) =>
    (['primary', 'secondary'] as const).map((region) =>
      stack(
        `${kind}-${region}`,
        needs.map((name) => (name === 'data' ? name : `${name}-${region}`)),
        { kind, regionType: region, variables },
      ),
    );
  // In the manifest's order, which is the alphabet's.
  return [
    ...regional('api', ['data', 'base']),
    ...regional('base', []),
    stack('data', [], {}),
    ...regional('entry', ['api', ...environments], ['target_env']),
    ...environments.flatMap((name) => regional(name, ['api'], ['function_versions', 'pinned_versions'])),
    ...regional('preview', ['api']),
    stack('routing', ['entry-primary', 'entry-secondary'], { variables: ['target_env'] }),
  ];
}

function stack(
  name: string,
  dependencies: readonly string[],
  options: { kind?: string; regionType?: RegionType; variables?: readonly string[] },
): SynthesizedStack {
  const { kind = name, regionType, variables = [] } = options;
  return {
    id: `dev-${name}`,
    name,
    kind,
    ...(regionType && { regionType }),
    folder: `/nowhere/dev-${name}`,
    dependencies,
    variables,
    resourceTypes: ['aws_lambda_alias', 'aws_api_gateway_stage'],
  };
}
