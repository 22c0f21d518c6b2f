import type { Rights } from './resource-rights.ts';

const cloudfront = (name: string) => `cloudfront:${name}`;
const deliveryTags = ['logs:ListTagsForResource', 'logs:TagResource', 'logs:UntagResource'];

/** What the resources of the edge need. Source: Service Authorization Reference, CloudFront and CloudWatch Logs; CloudFront Developer Guide, "Standard logging (v2)". */
export const EDGE_RIGHTS: Readonly<Record<string, Rights>> = {
  aws_cloudfront_cache_policy: {
    edge: ['CreateCachePolicy', 'GetCachePolicy', 'UpdateCachePolicy', 'DeleteCachePolicy'].map(cloudfront),
  },
  aws_cloudfront_distribution: {
    edge: [
      ...['CreateDistribution', 'GetDistribution', 'UpdateDistribution', 'DeleteDistribution'].map(cloudfront),
      ...['ListTagsForResource', 'TagResource', 'UntagResource'].map(cloudfront),
    ],
    webAcl: ['wafv2:GetWebACL'],
  },
  aws_cloudwatch_log_delivery: {
    any: [
      'logs:CreateDelivery',
      'logs:GetDelivery',
      'logs:DeleteDelivery',
      'logs:UpdateDeliveryConfiguration',
      ...deliveryTags,
    ],
  },
  aws_cloudwatch_log_delivery_destination: {
    any: [
      'logs:PutDeliveryDestination',
      'logs:GetDeliveryDestination',
      'logs:DeleteDeliveryDestination',
      ...deliveryTags,
    ],
  },
  aws_cloudwatch_log_delivery_source: {
    any: ['logs:PutDeliverySource', 'logs:GetDeliverySource', 'logs:DeleteDeliverySource', ...deliveryTags],
    edge: [cloudfront('AllowVendedLogDeliveryForResource')],
  },
};
