import { z } from 'zod';
import { blocks } from '#local/terraform/block-schema.ts';
import type { CustomDomain } from './api-model.ts';
import type { Read, ResourceReader } from './resource-reader.ts';

const restDomainName = z.object({ domain_name: z.string(), regional_domain_name: z.string() });

const httpDomainName = z.object({
  domain_name: z.string(),
  domain_name_configuration: blocks(z.object({ target_domain_name: z.string() })),
});

const basePathMapping = z
  .object({
    domain_name: z.string(),
    api_id: z.string(),
    stage_name: z.string({ error: 'is needed: a mapping whose first path segment names the stage is not served' }),
    base_path: z.string().default(''),
  })
  .transform(({ domain_name: domainName, api_id: apiId, stage_name: stage, base_path: basePath }) => ({
    domainName,
    mapping: { basePath, apiId, stage },
  }));

const apiMapping = z
  .object({ domain_name: z.string(), api_id: z.string(), stage: z.string(), api_mapping_key: z.string().default('') })
  .transform(({ domain_name: domainName, api_id: apiId, stage, api_mapping_key: basePath }) => ({
    domainName,
    mapping: { basePath, apiId, stage },
  }));

/** Regional custom domains of every region; either kind of domain may be mapped to either kind of API. */
export function readDomains(reader: ResourceReader): readonly (CustomDomain & { readonly region: string })[] {
  const mappings = [
    ...reader.managed('aws_api_gateway_base_path_mapping', basePathMapping),
    ...reader.managed('aws_apigatewayv2_api_mapping', apiMapping),
  ];
  const domain = ({ region }: Read<unknown>, domainName: string, regionalDomainName: string) => ({
    region,
    domainName,
    regionalDomainName,
    mappings: mappings
      .filter((one) => one.region === region && one.values.domainName === domainName)
      .map((one) => one.values.mapping),
  });
  return [
    ...reader
      .managed('aws_api_gateway_domain_name', restDomainName)
      .map((one) => domain(one, one.values.domain_name, one.values.regional_domain_name)),
    ...reader
      .managed('aws_apigatewayv2_domain_name', httpDomainName)
      .map((one) =>
        domain(one, one.values.domain_name, one.values.domain_name_configuration[0]?.target_domain_name ?? ''),
      ),
  ];
}
