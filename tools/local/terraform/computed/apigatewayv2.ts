import { isJsonList } from '#local/terraform/expression/value/json.ts';
import { executeApiHost } from '#stacks/settings/partitions.ts';
import {
  arn,
  type ComputeAttributes,
  type ComputedAttributesTable,
  identifier,
  requiredText,
} from './computed-attributes.ts';
import { gatewayArn, regionalZoneId } from './gateway-names.ts';

const onlyId: ComputeAttributes = (input) => ({ id: identifier(input) });

export const apiGatewayV2Resources: ComputedAttributesTable = {
  aws_apigatewayv2_api: (input) => {
    const id = identifier(input);
    return {
      id,
      arn: gatewayArn(input.region, `/apis/${id}`),
      api_endpoint: `https://${executeApiHost(id, input.region)}`,
      execution_arn: arn('execute-api', input, id),
    };
  },
  aws_apigatewayv2_api_mapping: onlyId,
  aws_apigatewayv2_authorizer: onlyId,
  aws_apigatewayv2_deployment: onlyId,
  aws_apigatewayv2_integration: onlyId,
  aws_apigatewayv2_route: onlyId,
  aws_apigatewayv2_stage: (input) => {
    const api = requiredText(input.values, 'api_id');
    const stage = requiredText(input.values, 'name');
    const path = stage === '$default' ? '/' : `/${stage}`;
    return {
      id: stage,
      arn: gatewayArn(input.region, `/apis/${api}/stages/${stage}`),
      execution_arn: `${arn('execute-api', input, api)}/${stage}`,
      invoke_url: `https://${executeApiHost(api, input.region)}${path}`,
    };
  },
  aws_apigatewayv2_domain_name: (input) => {
    const domainName = requiredText(input.values, 'domain_name');
    const { domain_name_configuration: configured = {} } = input.values;
    const configuration = isJsonList(configured) ? configured[0] : configured;
    return {
      id: domainName,
      arn: gatewayArn(input.region, `/domainnames/${domainName}`),
      domain_name_configuration: [
        {
          ...(typeof configuration === 'object' ? configuration : {}),
          target_domain_name: executeApiHost(`d-${identifier(input)}`, input.region),
          hosted_zone_id: regionalZoneId(input.region),
        },
      ],
    };
  },
};
