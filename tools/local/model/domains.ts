import { z } from 'zod';
import type { CustomDomain } from './model.ts';
import type { ResourceReader } from './resource-reader.ts';

const domainName = z.object({
  domain_name: z.string(),
  regional_domain_name: z.string(),
});

const mapping = z.object({
  domain_name: z.string(),
  api_id: z.string(),
  stage_name: z.string({ error: 'is needed: a mapping whose first path segment names the stage is not served' }),
  base_path: z.string().default(''),
});

/** Regional custom domains of every region. */
export function readDomains(reader: ResourceReader): readonly (CustomDomain & { readonly region: string })[] {
  const mappings = reader.managed('aws_api_gateway_base_path_mapping', mapping);
  return reader.managed('aws_api_gateway_domain_name', domainName).map(({ region, values }) => ({
    region,
    domainName: values.domain_name,
    regionalDomainName: values.regional_domain_name,
    mappings: mappings
      .filter((one) => one.region === region && one.values.domain_name === values.domain_name)
      .map((one) => ({ basePath: one.values.base_path, apiId: one.values.api_id, stage: one.values.stage_name })),
  }));
}
