import { describe, expect, it } from 'vitest';
import { modelOf, ref } from './model-fixture.ts';

const RULE_ARN = 'arn:aws:events:eu-central-1:000000000000:rule/often';

/** A function that a rule invokes. @param changes - of the rule, and of the permission, which is left out where undefined */
function scheduled(rule: object = {}, permission: object | undefined = {}) {
  const granted = {
    action: 'lambda:InvokeFunction',
    function_name: 'look',
    principal: 'events.amazonaws.com',
    source_arn: ref('aws_cloudwatch_event_rule.often.arn'),
  };
  const { regions, unserved } = modelOf({
    aws_lambda_function: {
      look: { function_name: 'look', role: 'arn:aws:iam::000000000000:role/look', filename: 'x.zip' },
    },
    aws_cloudwatch_event_rule: { often: { name: 'often', schedule_expression: 'rate(5 minutes)', ...rule } },
    aws_cloudwatch_event_target: {
      look: { rule: ref('aws_cloudwatch_event_rule.often.name'), arn: ref('aws_lambda_function.look.arn') },
    },
    ...(permission && { aws_lambda_permission: { look: { ...granted, ...permission } } }),
  });
  return { schedules: regions.primary.schedules, listed: unserved.map(({ type }) => type) };
}

describe('a schedule of EventBridge (B24)', () => {
  it('invokes a function at its rate, in its region', () => {
    const { schedules } = scheduled();
    expect(schedules).toEqual([{ ruleArn: RULE_ARN, functionName: 'look', rateMinutes: 5 }]);
  });

  it.each([
    ['rate(1 minute)', 1],
    ['rate(2 hours)', 120],
    ['rate(1 day)', 1440],
  ])('reads %s', (schedule_expression, rateMinutes) => {
    expect(scheduled({ schedule_expression }).schedules).toMatchObject([{ rateMinutes }]);
  });

  it('is listed where it has no rate, or the function may not be invoked by it', () => {
    expect(scheduled({ schedule_expression: 'cron(0 * * * ? *)' })).toMatchObject({
      schedules: [],
      listed: expect.arrayContaining(['aws_cloudwatch_event_rule without a rate']),
    });
    const refused = {
      schedules: [],
      listed: expect.arrayContaining(['aws_cloudwatch_event_target without a function that it may invoke']),
    };
    expect(scheduled({}, { principal: 'apigateway.amazonaws.com' })).toMatchObject(refused);
    expect(scheduled({}, { source_arn: `${RULE_ARN}-of-another` })).toMatchObject(refused);
    expect(scheduled({}, { qualifier: 'envA' })).toMatchObject(refused);
  });

  it('does nothing while it is disabled', () => {
    expect(scheduled({ state: 'DISABLED' }).schedules).toEqual([]);
  });
});
