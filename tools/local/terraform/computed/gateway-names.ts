import { partitionOf } from '#stacks/settings/partitions.ts';
import { identifier } from './computed-attributes.ts';

/** ARN of one of API Gateway's own objects, which have no account. */
export function gatewayArn(region: string, path: string): string {
  return `arn:${partitionOf(region)}:apigateway:${region}::${path}`;
}

/** Hosted zone of a region's custom domains: the same for all of them. */
export function regionalZoneId(region: string): string {
  return `Z${identifier({ stack: '', address: region }, 13, 'zone').toUpperCase()}`;
}
