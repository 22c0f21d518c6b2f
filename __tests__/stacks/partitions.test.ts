import { describe, expect, it } from 'vitest';
import { executeApiHost, partitionOf } from '#stacks/settings/partitions.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

const names = [
  ...['data', 'certificates', 'callers', 'routing', 'observability'],
  ...['base', 'api', 'envA', 'preview', 'entry'].flatMap((name) => [`${name}-primary`, `${name}-secondary`]),
];

/** A service's name in trust policies and permissions is the same in every partition. Source: IAM JSON policy elements, "Principal". */
const PRINCIPAL = /"(?:apigateway|cloudwatch|events|lambda)\.amazonaws\.com"/g;

describe('ARNs and hosts follow the partition of the regions (B29)', () => {
  it.each([
    ['aws', 'eu-central-1', 'eu-west-1', 'amazonaws.com'],
    ['aws-cn', 'cn-north-1', 'cn-northwest-1', 'amazonaws.com.cn'],
    ['aws-us-gov', 'us-gov-west-1', 'us-gov-east-1', 'amazonaws.com'],
    ['aws-eusc', 'eusc-de-east-1', 'eusc-de-east-2', 'amazonaws.eu'],
  ])('in %s', async (partition, primaryRegion, secondaryRegion, suffix) => {
    const stack = await synthesizeStage('dev', { primaryRegion, secondaryRegion });
    const json = names.map((name) => stack(name).json.replaceAll(PRINCIPAL, '""')).join('\n');
    const arns = new Set([...json.matchAll(/arn:(aws[a-z-]*):/g)].map(([, found]) => found));
    expect([...arns]).toEqual([partition]);
    const suffixes = new Set([...json.matchAll(/amazonaws(?:\.[a-z]+)+/g)].map(([found]) => found));
    expect([...suffixes]).toEqual([suffix]);
    for (const region of [primaryRegion, secondaryRegion]) {
      expect(partitionOf(region)).toBe(partition);
      expect(executeApiHost('abc', region)).toBe(`abc.execute-api.${region}.${suffix}`);
    }
  });
});
