import { expect, it } from 'vitest';
import { ofServedServices } from '#local/iam/grant-uses.ts';
import { SERVED_PREFIXES } from '#local/runtime/aws-services.ts';

it('B11: unused actions of services that the runtime does not serve are left out, patterns over all services are not', () => {
  const served = ['dynamodb:GetItem', 'S3:*', 'ssm:Get*', 'execute-api:Invoke', '*', 'all but iam:PassRole'];
  const unserved = ['logs:PutLogEvents', 'xray:PutTraceSegments', 'kms:*'];
  const unused = [...served, ...unserved].map((action) => ({
    role: 'writer',
    action,
    resources: ['*'],
    usedElsewhere: false,
  }));
  expect(ofServedServices(unused, SERVED_PREFIXES).map(({ action }) => action)).toEqual(served);
});
