import { executeApiHost } from '#stacks/settings/partitions.ts';
import {
  arn,
  type ComputeAttributes,
  type ComputedAttributesTable,
  type ComputeInput,
  identifier,
  optionalText,
  requiredText,
} from './computed-attributes.ts';
import { gatewayArn, regionalZoneId } from './gateway-names.ts';

const onlyId: ComputeAttributes = (input) => ({ id: identifier(input) });

function executionArn(input: ComputeInput, apiId: string): string {
  return arn('execute-api', input, apiId);
}

export const apiGatewayResources: ComputedAttributesTable = {
  aws_api_gateway_rest_api: (input) => {
    const id = identifier(input);
    return {
      id,
      root_resource_id: identifier(input, 10, 'root'),
      arn: gatewayArn(input.region, `/restapis/${id}`),
      execution_arn: executionArn(input, id),
    };
  },
  aws_api_gateway_resource: (input) => {
    const id = identifier(input);
    // A root resource tells nothing: its path is empty here.
    const path = `${input.told.get(optionalText(input.values, 'parent_id') ?? '') ?? ''}/${requiredText(input.values, 'path_part')}`;
    input.told.set(id, path);
    return { id, path };
  },
  aws_api_gateway_authorizer: onlyId,
  aws_api_gateway_method: onlyId,
  aws_api_gateway_method_response: onlyId,
  aws_api_gateway_method_settings: onlyId,
  aws_api_gateway_integration: onlyId,
  aws_api_gateway_integration_response: onlyId,
  aws_api_gateway_request_validator: onlyId,
  aws_api_gateway_model: onlyId,
  aws_api_gateway_gateway_response: onlyId,
  aws_api_gateway_documentation_part: (input) => ({ id: identifier(input), documentation_part_id: identifier(input) }),
  aws_api_gateway_documentation_version: onlyId,
  aws_api_gateway_deployment: (input) => {
    const api = requiredText(input.values, 'rest_api_id');
    const stage = optionalText(input.values, 'stage_name') ?? '';
    return {
      id: identifier(input),
      execution_arn: `${executionArn(input, api)}/${stage}`,
      invoke_url: `https://${api}.execute-api.${input.region}.amazonaws.com/${stage}`,
    };
  },
  aws_api_gateway_account: () => ({ id: 'api-gateway-account' }),
  aws_api_gateway_stage: (input) => {
    const api = requiredText(input.values, 'rest_api_id');
    const stage = requiredText(input.values, 'stage_name');
    return {
      id: `ags-${api}-${stage}`,
      arn: gatewayArn(input.region, `/restapis/${api}/stages/${stage}`),
      execution_arn: `${executionArn(input, api)}/${stage}`,
      invoke_url: `https://${executeApiHost(api, input.region)}/${stage}`,
    };
  },
  aws_api_gateway_api_key: (input) => {
    const id = identifier(input);
    const value = optionalText(input.values, 'value') ?? identifier(input, 40, 'value');
    input.told.set(id, value);
    return { id, arn: gatewayArn(input.region, `/apikeys/${id}`), value };
  },
  aws_api_gateway_usage_plan: (input) => ({
    id: identifier(input, 6),
    arn: gatewayArn(input.region, `/usageplans/${identifier(input, 6)}`),
  }),
  aws_api_gateway_usage_plan_key: (input) => {
    const value = input.told.get(optionalText(input.values, 'key_id') ?? '');
    return { id: identifier(input), ...(value === undefined ? {} : { value }) };
  },
  aws_api_gateway_domain_name: (input) => {
    const domainName = requiredText(input.values, 'domain_name');
    return {
      id: domainName,
      arn: gatewayArn(input.region, `/domainnames/${domainName}`),
      regional_domain_name: executeApiHost(`d-${identifier(input)}`, input.region),
      regional_zone_id: regionalZoneId(input.region),
    };
  },
  aws_api_gateway_base_path_mapping: (input) => ({
    id: `${requiredText(input.values, 'domain_name')}/${optionalText(input.values, 'base_path') ?? ''}`,
  }),
};
