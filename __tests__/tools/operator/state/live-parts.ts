import { operations } from '#contract/index.ts';
import { readRegion } from '#operator/live/read-region.ts';
import type { LiveParts } from '#operator/state/compare-live.ts';
import { functionName } from '#stacks/naming.ts';
import { type FakedRegion, fakedLive } from '#tests/tools/operator/live/faked-live.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import type { StateOptions } from './memory-store.ts';

/** What is live in the secondary region. */
export async function partsOf(faked: FakedRegion, keys: readonly string[] = []): Promise<LiveParts> {
  const { secondary } = fakedLive({ secondary: faked }).regions;
  return { region: await readRegion(context, 'secondary', secondary), keys };
}

/** What the states of a region have that was deployed once, with every function at one version, and switched to envA. */
export function deployedOnce(version: string): Required<Pick<StateOptions, 'has'>>['has'] {
  const functions = [...new Set(operations.map((operation) => functionName(context, operation.function)))];
  return [
    ...functions.map((name) => ['aws_lambda_function', { function_name: name, version }] as const),
    ...functions.map(
      (name) => ['aws_lambda_alias', { function_name: name, name: 'envA', function_version: version }] as const,
    ),
    ['aws_api_gateway_stage', { stage_name: 'envA', deployment_id: 'd' }],
    ['aws_api_gateway_deployment', { id: 'd' }],
    ['aws_apigatewayv2_stage', { name: 'envA', deployment_id: 'd' }],
    ['aws_apigatewayv2_deployment', { id: 'd' }],
    ['aws_api_gateway_api_key', { name: 'key-1', value: 'secret-of-key-1' }],
    ['aws_api_gateway_base_path_mapping', { domain_name: 'api.example.com', base_path: '', stage_name: 'envA' }],
    ['aws_apigatewayv2_api_mapping', { domain_name: 'events.example.com', api_mapping_key: '', stage: 'envA' }],
  ];
}
