import { describe, expect, it } from 'vitest';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import type { CostDifference } from '#operator/cost/describe-difference.ts';
import { diffStage } from '#operator/diff/diff-stage.ts';
import { describePlans, exitCodeOfPlans } from '#operator/terraform/plan/describe-plans.ts';

import type { StageOnMoto } from './stage-on-moto.ts';

const LONG = 1_800_000;

/** Differences of a stage that is deployed with the target envA. Nothing is applied. */
export function diffScenario(stage: () => StageOnMoto): void {
  describe.sequential('differences, by the real provider', () => {
    it('are none, exit code 0, when nothing was changed since the deploy (S0.13)', { timeout: LONG }, async () => {
      const { context } = stage();
      const report = await diffStage(context, stage(), [], {});
      expect(report.stacks.filter(({ outcome }) => outcome !== 'none')).toEqual([]);
      expect(report.stacks).toHaveLength(17);
      expect(exitCodeOfPlans(report.stacks)).toBe(ExitCode.Done);
    });

    it('cost nothing either: what is deployed is priced as what is declared (B9)', { timeout: LONG }, async () => {
      const { context, run } = stage();
      const { exitCode, stdout } = await run('cost', context.stage, '--diff', '--json');
      expect(exitCode).toBe(0);
      const { deployed, before, changes }: CostDifference = JSON.parse(stdout);
      expect(deployed).toBe(true);
      expect(before).toBeGreaterThan(0);
      // moto's tables are the only ones: what the copies cost is all that a deploy to AWS would add.
      const ofCopies = changes.filter(
        ({ item, regionType }) => item.startsWith('dynamodb-') && regionType === 'secondary',
      );
      expect(ofCopies.length).toBeGreaterThan(0);
      expect(changes).toEqual(ofCopies);
    });

    it('are counted, flagged where data would be lost, and shown in full on demand, exit code 2', {
      timeout: LONG,
    }, async () => {
      const { context, edited, renamedTables } = stage();
      const before = [...edited];
      edited.add('user');
      renamedTables.add('-table-a');
      try {
        const report = await diffStage(context, stage(), ['data', 'api-primary', 'envB-primary'], { details: true });
        const [data, api, envB] = report.stacks;
        expect(data).toMatchObject({ stack: 'data', outcome: 'changes', counts: { add: 0, replace: 1, destroy: 0 } });
        expect(data?.changes).toEqual([
          expect.objectContaining({ type: 'aws_dynamodb_table', action: 'replace', impact: 'data' }),
        ]);
        expect(data?.details).toContain('must be replaced');
        expect(api?.changes.map(({ type, action }) => `${action} ${type}`)).toContain('change aws_lambda_function');
        expect(api?.after).toEqual(['data']);
        expect(envB).toMatchObject({ stack: 'envB-primary', after: ['api-primary'] });
        const text = describePlans(report.stacks, context.stage, colorsFor(process.stdout));
        expect(text).toMatch(/Data would be lost:\s+data {2}replace aws_dynamodb_table\.\S+: .*name/);
        expect(exitCodeOfPlans(report.stacks)).toBe(ExitCode.Usage);
      } finally {
        renamedTables.clear();
        edited.clear();
        for (const name of before) edited.add(name);
      }
    });

    it('are one table on stdout with exit code 0, 2 or 1, or one document (S0.13)', { timeout: LONG }, async () => {
      const { context, run } = stage();
      const none = await run('diff', context.stage, 'data', 'routing');
      expect(none.stdout).toMatch(
        /stack +add +change +replace +destroy\ndata +no changes\nrouting +no changes\nNo changes\.\n$/,
      );
      expect(none.exitCode).toBe(0);
      const wrong = await run('diff', context.stage, 'dtaa', '--json');
      expect(wrong.exitCode).toBe(2);
      expect(JSON.parse(wrong.stdout).error).toMatchObject({ name: 'RefusedError', exitCode: 2 });
    });

    it('are the mappings of four names of a region, and nothing else, for another target_env (S0.12, S0.13)', {
      timeout: LONG,
    }, async () => {
      const { terraform, synthesize } = stage();
      const stacks = await synthesize();
      const changes = async (name: string, variables: Readonly<Record<string, string>>) => {
        const stack = stacks.find((each) => each.name === name);
        if (stack === undefined) throw new Error(`There is no stack ${name}.`);
        const plan = await terraform.plan(stack, variables);
        return plan.changes.map(({ type, action, attributes }) => [action, type, ...attributes].join(' ')).sort();
      };
      expect(await changes('entry-primary', { target_env: 'envB' })).toEqual([
        'change aws_api_gateway_base_path_mapping stage_name',
        'change aws_api_gateway_base_path_mapping stage_name',
        'change aws_apigatewayv2_api_mapping stage',
        'change aws_apigatewayv2_api_mapping stage',
      ]);
      await expect(changes('entry-primary', {})).rejects.toThrow(/No value for required variable.+"target_env"/s);
      await expect(changes('entry-primary', { target_env: 'envZ' })).rejects.toThrow(
        'target_env must be one of envA, envB.',
      );
    });
  });
}
