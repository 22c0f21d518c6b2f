import { describe, expect, it } from 'vitest';
import { loadSettings } from '#stacks/settings/index.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

describe('the heartbeat of both regions (B26)', async () => {
  const { alarms } = loadSettings('settings.conf');
  const beating = await synthesizeStage('dev', { alarms: { ...alarms, heartbeatAgeSeconds: 240 } });

  it.each([
    ['base-primary', 'eu-central-1', 'eu-west-1'],
    ['base-secondary', 'eu-west-1', 'eu-central-1'],
  ])('%s beats once a minute, listens for the other, and takes silence for a failure', (name, region, other) => {
    const stack = beating(name);
    expect(stack.resources('aws_cloudwatch_event_rule')).toMatchObject([{ schedule_expression: 'rate(1 minute)' }]);
    expect(stack.resources('aws_lambda_function')).toMatchObject([
      {
        function_name: 'two-region-api-dev-heartbeat',
        environment: {
          variables: {
            HEARTBEAT_TABLE_NAME: 'two-region-api-dev-heartbeat',
            OTHER_REGION: other,
            METRIC_NAMESPACE: 'two-region-api-dev',
          },
        },
      },
    ]);
    expect(stack.resources('aws_cloudwatch_metric_alarm')).toMatchObject([
      {
        alarm_name: 'two-region-api-dev-heartbeat',
        namespace: 'two-region-api-dev',
        metric_name: 'HeartbeatAge',
        threshold: 240,
        treat_missing_data: 'breaching',
        alarm_actions: [expect.any(String)],
      },
    ]);
    const granted = stack
      .dataSources('aws_iam_policy_document')
      .flatMap(({ statement }) => statement as readonly { actions: string[]; resources: string[] }[])
      .filter(({ actions }) => actions.some((action) => action.startsWith('dynamodb:')));
    expect(granted).toEqual([
      {
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        resources: [
          expect.stringMatching(new RegExp(`^arn:aws:dynamodb:${region}:.+:table/two-region-api-dev-heartbeat$`)),
        ],
      },
    ]);
  });

  it('uses a global table that the data stack declares, and is on the dashboard', () => {
    const tables = beating('data').resources('aws_dynamodb_table');
    expect(tables).toContainEqual(
      expect.objectContaining({ name: 'two-region-api-dev-heartbeat', replica: [expect.anything()] }),
    );
    const body = String(beating('observability').resources('aws_cloudwatch_dashboard')[0]?.dashboard_body);
    expect(body.match(/HeartbeatAge/g)).toHaveLength(2);
  });

  it('is not there with ALARM_HEARTBEAT_AGE_SECONDS=0', async () => {
    const silent = await synthesizeStage('dev', { alarms: { ...alarms, heartbeatAgeSeconds: 0 } });
    expect(silent('base-primary').resources('aws_lambda_function')).toEqual([]);
    expect(JSON.stringify(silent('observability').json)).not.toContain('HeartbeatAge');
  });
});
