import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAllowed } from '#local/iam/policy/evaluate.ts';
import { compileWildcard } from '#local/iam/policy/wildcard.ts';
import type { PolicyStatement } from '#local/model/model.ts';
import { allow, TABLE } from './support.ts';

const deny = (actions: readonly string[], resources: readonly string[]): PolicyStatement => ({
  effect: 'Deny',
  actions,
  resources,
});

describe('B11: policy evaluation', () => {
  it.each([
    ['an action and resource that are named', [allow(['dynamodb:GetItem'], [TABLE])], true],
    ['an action in another case', [allow(['DynamoDB:getitem'], [TABLE])], true],
    ['wildcards', [allow(['dynamodb:Get*'], ['arn:aws:dynamodb:*:*:table/table-?'])], true],
    ['everything', [allow(['*'], ['*'])], true],
    ['one of several statements', [allow(['s3:*'], ['*']), allow(['dynamodb:*'], ['*'])], true],
    ['nothing', [], false],
    ['another action', [allow(['dynamodb:PutItem'], [TABLE])], false],
    ['another resource', [allow(['dynamodb:GetItem'], [`${TABLE}x`])], false],
    ['a resource in another case', [allow(['dynamodb:GetItem'], [TABLE.toUpperCase()])], false],
    ['a prefix of the action only', [allow(['dynamodb:Get'], ['*'])], false],
    ['an allow and a deny', [allow(['*'], ['*']), deny(['dynamodb:GetItem'], [TABLE])], false],
    ['a deny of something else', [allow(['*'], ['*']), deny(['dynamodb:PutItem'], ['*'])], true],
    ['NotAction', [{ ...allow([], ['*']), notActions: ['s3:*'] }], true],
    ['NotAction that names the action', [{ ...allow([], ['*']), notActions: ['dynamodb:*'] }], false],
    ['NotResource that names the resource', [{ ...allow(['*'], []), notResources: [TABLE] }], false],
    ['a deny of all but the resource', [allow(['*'], ['*']), { ...deny(['*'], []), notResources: [TABLE] }], true],
  ] as const)('decides by %s', (_, statements, allowed) => {
    expect(isAllowed(statements, 'dynamodb:GetItem', TABLE)).toBe(allowed);
  });

  const context = new Map([
    ['aws:requestedregion', 'eu-west-1'],
    ['aws:securetransport', 'true'],
  ]);

  it.each([
    [{ StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-central-1'] } }, true],
    [{ StringEquals: { 'aws:RequestedRegion': ['us-east-1'] } }, false],
    [{ StringLike: { 'AWS:RequestedRegion': ['eu-*'] } }, true],
    [{ StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1'] } }, false],
    [{ Bool: { 'aws:SecureTransport': ['false'] } }, false],
    [{ StringEquals: { 'aws:SourceVpc': ['vpc-1'] } }, false],
    [{ StringEqualsIfExists: { 'aws:SourceVpc': ['vpc-1'] } }, true],
    [{ StringNotEquals: { 'aws:SourceVpc': ['vpc-1'] } }, true],
    [{ Null: { 'aws:SourceVpc': ['true'] } }, true],
    [{ Bool: { 'aws:SecureTransport': ['true'] }, StringEquals: { 'aws:RequestedRegion': ['us-east-1'] } }, false],
  ])('an allow with the condition %j applies: %s', (conditions, applies) => {
    expect(isAllowed([{ ...allow(['*'], ['*']), conditions }], 'a:B', 'arn', context)).toBe(applies);
  });

  it('a condition that can not be evaluated neither allows nor keeps from denying', () => {
    const conditions = { NumericLessThan: { 's3:max-keys': ['10'] } };
    expect(isAllowed([{ ...allow(['*'], ['*']), conditions }], 'a:B', 'arn')).toBe(false);
    expect(isAllowed([allow(['*'], ['*']), { ...deny(['*'], ['*']), conditions }], 'a:B', 'arn')).toBe(false);
  });
});

describe('wildcards', () => {
  it('match as the regular expression does', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n'), maxLength: 10 });
    fc.assert(
      fc.property(pattern, text, (wildcard, subject) => {
        const source = wildcard.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(compileWildcard(wildcard)(subject)).toBe(new RegExp(`^${source}$`, 's').test(subject));
      }),
      { numRuns: 2_000 },
    );
  });

  it('end on a pattern that a regular expression would try for ages', () => {
    expect(compileWildcard(`${'*a'.repeat(200)}b`)('a'.repeat(5_000))).toBe(false);
  });
});
