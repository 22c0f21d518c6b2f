import { describe, expect, it } from 'vitest';
import { invokersIn } from '#operator/live/invokers.ts';

const statement = (more: object = {}) => ({
  Effect: 'Allow',
  Principal: { Service: 'apigateway.amazonaws.com' },
  Action: 'lambda:InvokeFunction',
  Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:execute-api:eu-central-1:1:api/envB/GET/test' } },
  ...more,
});
const policy = (...statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

describe('who may invoke an alias', () => {
  it('is every source ARN that its policy allows API Gateway, also as lists', () => {
    const list = { ArnLike: { 'aws:SourceArn': ['arn:1', 'arn:2'] } };
    expect(invokersIn(policy(statement(), statement({ Condition: list, Action: ['lambda:*'] })))).toEqual([
      'arn:aws:execute-api:eu-central-1:1:api/envB/GET/test',
      'arn:1',
      'arn:2',
    ]);
  });

  it('is everybody where there is no condition', () => {
    expect(invokersIn(policy(statement({ Condition: undefined, Principal: '*' })))).toEqual(['*']);
  });

  it('is nobody by a denial, for another service or another action', () => {
    expect(
      invokersIn(
        policy(
          statement({ Effect: 'Deny' }),
          statement({ Principal: { Service: 's3.amazonaws.com' } }),
          statement({ Principal: { AWS: '123456789012' } }),
          statement({ Action: 'lambda:GetFunction' }),
        ),
      ),
    ).toEqual([]);
  });
});
