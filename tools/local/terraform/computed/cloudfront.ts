import { type ComputedAttributesTable, identifier, uuid } from './computed-attributes.ts';

export const cloudfrontResources: ComputedAttributesTable = {
  aws_cloudfront_cache_policy: (input) => ({ id: uuid(input), etag: identifier(input, 13).toUpperCase() }),
  aws_cloudfront_distribution: (input) => {
    const id = `E${identifier(input, 13).toUpperCase()}`;
    return {
      id,
      arn: `arn:aws:cloudfront::${input.accountId}:distribution/${id}`,
      domain_name: `d${identifier(input, 13, 'host')}.cloudfront.net`,
      // Of all distributions. Source: Amazon Route 53 API Reference, "AliasTarget", HostedZoneId.
      hosted_zone_id: 'Z2FDTNDATAQYW2',
      status: 'Deployed',
    };
  },
};
