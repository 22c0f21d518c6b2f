import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { diffStage } from '#operator/diff/diff-stage.ts';
import { describePlans, exitCodeOfPlans } from '#operator/terraform/plan/describe-plans.ts';

import { context, type FakedRegion, fakedLive } from '#tests/tools/operator/live/faked-live.ts';
import { type FakedStack, FakedTerraform } from '#tests/tools/operator/terraform/faked-terraform.ts';
import { stacksOfAStage } from '#tests/tools/operator/terraform/stacks-of-a-stage.ts';

const released: FakedRegion = { target: 'envA', versions: { envA: '3', envB: '4' } };
const unchanged = Object.fromEntries(stacksOfAStage().map(({ name }): [string, FakedStack] => [name, { changes: [] }]));

async function diff(
  stacks: Readonly<Record<string, FakedStack>>,
  words: readonly string[] = [],
  regions = { primary: released, secondary: released },
) {
  const terraform = new FakedTerraform(stacks);
  const ports = { live: fakedLive(regions), synthesize: async () => stacksOfAStage(), terraform };
  const report = await diffStage(context, ports, words, { details: true });
  const text = describePlans(report.stacks, 'dev', pc.createColors(false));
  const row = (stack: string) =>
    text
      .split('\n')
      .find((line) => line.startsWith(`${stack} `))
      ?.split(/ {2,}/);
  return { report, text, row, exitCode: exitCodeOfPlans(report.stacks), terraform };
}

describe('the difference between the code and what is live', () => {
  it('is nothing, exit code 0, when every plan is empty', async () => {
    const { text, exitCode, report } = await diff(unchanged);
    expect(exitCode).toBe(0);
    expect(text).toMatch(/No changes\.$/);
    expect(report.stacks).toHaveLength(stacksOfAStage().length);
  });

  it('is one row per stack with counts, flags on live traffic and on data, details, exit code 2 (S0.13)', async () => {
    const { text, row, exitCode } = await diff({
      ...unchanged,
      data: {
        exists: true,
        changes: [
          ['aws_dynamodb_table', 'delete', 'create'],
          ['aws_thing', 'create'],
        ],
      },
      'entry-primary': { exists: true, changes: [['aws_api_gateway_base_path_mapping', 'update']] },
    });
    expect(exitCode).toBe(2);
    expect(row('data')).toEqual(['data', '1', '1', 'DATA LOSS']);
    expect(row('entry-primary')).toEqual(['entry-primary', '1', 'LIVE']);
    expect(row('base-primary')).toEqual(['base-primary', 'no changes']);
    expect(row('api-primary')).toEqual(['api-primary', 'may change after data']);
    expect(text).toMatch(
      /Live traffic would notice:\n {2}entry-primary {2}change aws_api_gateway_base_path_mapping\.r0: stage_name/,
    );
    expect(text).toMatch(/Data would be lost:\n {2}data {2}replace aws_dynamodb_table\.r0/);
    expect(text).toContain('plan of data');
  });

  it('counts what a stack declares where it cannot be planned before others are applied', async () => {
    const { row, terraform, exitCode } = await diff({}, ['base', 'data', 'api'], { primary: {}, secondary: {} });
    expect(terraform.planned.sort()).toEqual(['base-primary', 'base-secondary', 'data']);
    expect(row('api-primary')).toEqual(['api-primary', '2', 'planned after data, base-primary']);
    expect(exitCode).toBe(2);
  });

  it("shows a plan that fails in Terraform's words beside the others, exit code 1", async () => {
    const { text, row, exitCode } = await diff({
      ...unchanged,
      'base-primary': { planFails: 'Error: S3 bucket "state-dev" does not exist.' },
    });
    expect(exitCode).toBe(1);
    expect(row('base-primary')).toEqual(['base-primary', 'failed']);
    expect(text).toMatch(/base-primary:\nError: S3 bucket "state-dev" does not exist\.\n.*two-region bootstrap dev/);
    expect(row('data')).toEqual(['data', 'no changes']);
  });

  it('shows no table when it is interrupted: half of the plans would look like all of them', async () => {
    const controller = new AbortController();
    const terraform = new FakedTerraform(unchanged);
    const live = fakedLive({ primary: released, secondary: released });
    const ports = { live, synthesize: async () => stacksOfAStage(), terraform };
    const onPlanned = ({ stack }: { stack: string }) => {
      if (stack === 'data') controller.abort();
    };
    const options = { signal: controller.signal, onPlanned };
    await expect(diffStage(context, ports, [], options)).rejects.toThrow('Interrupted before everything was planned');
    expect(terraform.planned).not.toContain('api-primary');
  });

  it('plans each region with its own target where they disagree, and the live environments with their versions', async () => {
    const seen: string[] = [];
    class Recording extends FakedTerraform {
      override plan(...[stack, variables]: Parameters<FakedTerraform['plan']>) {
        seen.push(
          `${stack.name} ${variables.target_env} ${JSON.parse(variables.function_versions ?? '{}').test ?? ''}`.trim(),
        );
        return super.plan(stack, variables);
      }
    }
    const live = fakedLive({ primary: released, secondary: { ...released, target: 'envB' } });
    const ports = { live, synthesize: async () => stacksOfAStage(), terraform: new Recording(unchanged) };
    const report = await diffStage(context, ports, ['entry', 'envB-secondary'], {});
    expect(report).toMatchObject({ regionsDisagree: true });
    expect(seen.sort()).toEqual(['entry-primary envA', 'entry-secondary envB', 'envB-secondary envB 4']);
  });
});
