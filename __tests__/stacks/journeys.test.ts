import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { loadSettings } from '#stacks/settings/index.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

const PREFIX = 'two-region-api-dev-journeys';
const functionSchema = z.object({
  function_name: z.string(),
  environment: z.object({ variables: z.record(z.string(), z.string()) }),
});
const statements = z.array(z.object({ actions: z.array(z.string()), resources: z.array(z.string()) }));

describe('journeys of the contract, taken from each region (B26)', async () => {
  const { parameters } = loadSettings('settings.conf');
  const taking = await synthesizeStage('dev', {
    routeAway: 'watch',
    journeyMinutes: 5,
    parameters: [...parameters, 'journeys_api_key'],
  });
  const named = (stack: ReturnType<typeof taking>, type: string, attribute: string) =>
    stack.resources(type).filter((each) => String(each[attribute]).startsWith(PREFIX));
  const variablesOf = (name: string) =>
    z
      .array(functionSchema)
      .parse(taking(name).resources('aws_lambda_function'))
      .find(({ function_name }) => function_name === PREFIX)?.environment.variables;

  it.each([
    ['base-primary', ['eu-central-1', 'eu-west-1'], ['0', '1', '2']],
    ['base-secondary', ['eu-west-1', 'eu-central-1'], ['3', '4', '5']],
  ])(
    '%s asks at its own names first, then at the others, with data that no other one writes',
    (name, regions, digits) => {
      const stack = taking(name);
      expect(named(stack, 'aws_cloudwatch_event_rule', 'name')).toMatchObject([
        { schedule_expression: 'rate(5 minutes)' },
      ]);
      const variables = variablesOf(name);
      expect(variables).toMatchObject({
        METRIC_NAMESPACE: 'two-region-api-dev',
        API_KEY_PARAMETER: '/two-region-api/dev/journeys_api_key',
      });
      const places = z
        .array(z.object({ at: z.string(), digit: z.string(), urls: z.object({ rest: z.string(), http: z.string() }) }))
        .parse(JSON.parse(String(variables?.PLACES)));
      expect(places.map(({ at }) => at)).toEqual([...regions, 'public']);
      expect(places.map(({ digit }) => digit)).toEqual(digits);
      expect(places[0]?.urls.http).toMatch(new RegExp(`^https://${regions[0]}\\..+events_domain_name`));
      expect(places[2]?.urls.rest).toMatch(/^https:\/\/\$\{[^.]+.*domain_name/);
    },
  );

  it('may invoke the routes that want a signature in both regions, and read its key', () => {
    const granted = taking('base-primary')
      .dataSources('aws_iam_policy_document')
      .flatMap(({ statement }) => z.safeParse(statements, statement).data ?? [])
      .filter(({ actions }) => actions.some((action) => /^(?:execute-api|ssm):/.test(action)));
    const account = String.raw`\$\{data.aws_caller_identity.account.account_id\}`;
    expect(granted).toEqual([
      {
        actions: ['execute-api:Invoke'],
        resources: ['POST/events', 'GET/events'].flatMap((route) =>
          ['eu-central-1', 'eu-west-1'].map((region) =>
            expect.stringMatching(new RegExp(`^arn:aws:execute-api:${region}:${account}:\\*/\\*/${route}$`)),
          ),
        ),
      },
      {
        actions: ['ssm:GetParameter'],
        resources: [
          expect.stringMatching(
            new RegExp(`^arn:aws:ssm:eu-central-1:${account}:parameter/two-region-api/dev/journeys_api_key$`),
          ),
        ],
      },
    ]);
  });

  it('has an alarm for each journey at each name, one that tells of each name, and one on silence', () => {
    const alarms = named(taking('base-secondary'), 'aws_cloudwatch_metric_alarm', 'alarm_name');
    expect(alarms).toHaveLength(3 * 3 + 1);
    expect(alarms).toContainEqual(
      expect.objectContaining({
        alarm_name: `${PREFIX}-public-event`,
        metric_name: 'JourneyFailed',
        dimensions: { Journey: 'event', At: 'public' },
        period: 300,
        datapoints_to_alarm: 3,
        evaluation_periods: 5,
        treat_missing_data: 'notBreaching',
      }),
    );
    expect(alarms).toContainEqual(
      expect.objectContaining({
        alarm_name: `${PREFIX}-silence`,
        metric_name: 'JourneysTaken',
        period: 300,
        treat_missing_data: 'breaching',
        alarm_actions: [expect.any(String)],
      }),
    );
    const sick = named(taking('base-secondary'), 'aws_cloudwatch_composite_alarm', 'alarm_name');
    expect(sick.map(({ alarm_name }) => alarm_name)).toEqual(
      ['eu-central-1', 'eu-west-1', 'public'].map((at) => `${PREFIX}-${at}-sick`),
    );
    expect(sick[2]).toMatchObject({
      alarm_rule: ['user', 'event', 'replace-string'].map((each) => `ALARM("${PREFIX}-public-${each}")`).join(' OR '),
      alarm_actions: [expect.any(String)],
    });
  });

  it('tells the function that watches the other region', () => {
    const [watching] = taking('base-secondary')
      .resources('aws_lambda_function')
      .filter(({ function_name }) => function_name === 'two-region-api-dev-region-watch');
    expect(functionSchema.parse(watching).environment.variables).toMatchObject({
      SICK_ALARMS: JSON.stringify([
        ...['envA', 'envB'].map((environment) => `two-region-api-dev-${environment}-sick`),
        `${PREFIX}-eu-central-1-sick`,
      ]),
      OTHER_JOURNEYS_ALARM: `${PREFIX}-eu-central-1-sick`,
      OWN_JOURNEYS_ALARM: `${PREFIX}-eu-west-1-sick`,
    });
  });

  it('shows a key with a plan of its own in both regions', () => {
    for (const name of ['entry-primary', 'entry-secondary']) {
      expect(named(taking(name), 'aws_api_gateway_usage_plan', 'name')).toMatchObject([
        { throttle_settings: { rate_limit: 50 }, api_stages: [expect.anything(), expect.anything()] },
      ]);
    }
  });

  it('is there only if settings ask for it', async () => {
    const without = await synthesizeStage('dev');
    for (const name of ['base-primary', 'base-secondary', 'entry-primary']) {
      expect(without(name).json).not.toMatch(/journey/i);
    }
  });
});
