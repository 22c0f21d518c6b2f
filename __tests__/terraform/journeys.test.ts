import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, LocalBackend, TerraformStack } from 'cdktf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunctions } from '#constructs/bundle/function-bundle.ts';
import { ReadinessAlarms } from '#constructs/watch/readiness-alarms.ts';
import { operations } from '#contract/index.ts';
import { inRegion } from '#stacks/context.ts';
import { takeJourneys } from '#stacks/journeys.ts';
import { JOURNEYS } from '#stacks/naming.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { AWS_PROVIDER_VERSIONS } from '#stacks/terraform/versions.ts';
import { clientSettings } from './support/account.ts';
import { Moto } from './support/moto.ts';
import { run } from './support/run.ts';

const ACCOUNT = '123456789012';
const PREFIX = 'two-region-api-dev';
let moto: Moto;
let directory: string;

describe.runIf(process.env.TERRAFORM_SCENARIOS === 'all')('journeys and readiness (B26)', () => {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'two-region-journeys-'));
    moto = await Moto.start();
  });
  afterAll(async () => {
    await moto?.stop();
    await rm(directory, { recursive: true });
  });

  it('Terraform makes the function that takes journeys, with its alarms and those on readiness, and finds nothing to do then', async () => {
    const settings = { ...loadSettings('settings.conf'), journeyMinutes: 5 };
    const context = inRegion({ settings, stage: 'dev' }, 'primary');
    const bundles = await bundleFunctions([JOURNEYS]);
    const topicArn = `arn:aws:sns:${context.region}:${ACCOUNT}:alarms`;
    const app = new App({ outdir: directory });
    const stack = new TerraformStack(app, 'base');
    stack.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSIONS);
    new LocalBackend(stack, { path: join(directory, 'terraform.tfstate') });
    const provider = new AwsProvider(stack, 'aws', { region: context.region });
    new ArchiveProvider(stack, 'archive');
    takeJourneys(stack, context, {
      operations,
      bundleOf: (name) => bundles.get(name) ?? expect.fail(name),
      names: { rest: 'api.example.com', http: 'events.example.com' },
      accountId: ACCOUNT,
      topicArn,
    });
    new ReadinessAlarms(stack, 'readiness', {
      alarmNames: { failed: `${PREFIX}-readiness`, silence: `${PREFIX}-readiness-silence` },
      metricNamespace: PREFIX,
      hours: 26,
      command: 'two-region readiness dev',
      topicArn,
      provider,
    });
    app.synth();
    const terraform = (...args: readonly string[]) =>
      run('terraform', [...args, '-no-color'], join(directory, 'stacks/base'), moto.environment);
    for (const args of [['init'], ['apply', '-auto-approve'], ['plan', '-detailed-exitcode']]) {
      const { exitCode, output } = await terraform(...args);
      expect([exitCode, exitCode === 0 || output]).toEqual([0, true]);
    }
    const client = clientSettings(moto, context.region);
    const FunctionName = `${PREFIX}-journeys`;
    const { Environment } = await new LambdaClient(client).send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(JSON.parse(Environment?.Variables?.PLACES ?? '')).toHaveLength(3);
    const { MetricAlarms = [] } = await new CloudWatchClient(client).send(
      new DescribeAlarmsCommand({ AlarmNamePrefix: PREFIX }),
    );
    expect(MetricAlarms.map(({ AlarmName }) => AlarmName)).toHaveLength(3 * 3 + 1 + 2);
    // moto knows no composite alarms, and what stands in for it here responds to Terraform alone.
    const { output } = await terraform('state', 'list');
    expect(output.match(/aws_cloudwatch_composite_alarm\./g)).toHaveLength(3);
    expect(MetricAlarms).toContainEqual(
      expect.objectContaining({
        AlarmName: `${PREFIX}-readiness-silence`,
        Period: 3600,
        EvaluationPeriods: 26,
        TreatMissingData: 'breaching',
      }),
    );
  });
});
