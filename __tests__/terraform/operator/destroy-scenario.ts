import { describe, expect, it } from 'vitest';
import { inOrder } from '#operator/terraform/stack-order.ts';
import { stateLocation } from '#stacks/terraform/state-location.ts';
import { loggingRoles } from '#tests/terraform/support/account.ts';
import { bucketNames, leftovers, listRoles, managedResources } from '#tests/terraform/support/live.ts';
import { cdktf } from '#tests/terraform/support/two-region.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

const LONG = 1_800_000;

/** A deployed stage is destroyed. Nothing can come after it. */
export function destroyScenario(stage: () => StageOnMoto): void {
  describe('a stage that is no longer needed', () => {
    it('is destroyed in reverse order, the data stack by raw cdktf, and nothing is left', {
      timeout: LONG,
    }, async () => {
      const { context, directory, moto, s3, synthesize, terraform } = stage();
      for (const step of inOrder(await synthesize()).toReversed()) {
        // By the time that its turn comes, the stacks that depend on it are gone.
        const flags = ['--auto-approve', '--ignore-missing-stack-dependencies', '--skip-synth', '--skip-provider-lock'];
        await Promise.all(
          step.map(async (stack) => {
            if (stack.name !== 'data') return terraform.destroy(stack, { target_env: 'envA' });
            const args = ['destroy', stack.id, ...flags, '--output', `${directory}/cdktf.out`];
            const { exitCode, output } = await cdktf(args, {});
            if (exitCode !== 0) throw new Error(output);
          }),
        );
      }
      // What bootstrap made holds the states of what is gone, and their locks.
      const [primary, secondary] = [stateLocation(context, 'primary'), stateLocation(context, 'secondary')];
      const counts = await managedResources(s3, primary.bucket);
      expect(Object.values(counts).filter((count) => count > 0)).toEqual([]);
      expect((await bucketNames(s3)).sort()).toEqual([primary.bucket, secondary.bucket].sort());
      expect(await leftovers(moto, primary.region)).toEqual([`table ${primary.lockTable}`]);
      expect(await leftovers(moto, secondary.region)).toEqual([`table ${secondary.lockTable}`]);
    });

    it('leaves to the account what is not its own: each region logs with the role that it had before (B29)', async () => {
      const { context, moto, otherTeam, run } = stage();
      const [primary, secondary] = await loggingRoles(moto, [
        context.settings.primaryRegion,
        context.settings.secondaryRegion,
      ]);
      expect(primary).toContain(`${context.settings.appName}-gateway-logging`);
      expect(secondary).toBe(otherTeam);
      expect(await listRoles(moto, context.settings.primaryRegion)).toEqual(
        expect.arrayContaining([`${context.settings.appName}-gateway-logging`, 'other-team']),
      );
      const next = context.settings.stages.find((other) => other !== context.stage) ?? '';
      const { stdout } = await run('bootstrap', next);
      for (const role of [primary, secondary]) expect(stdout).toMatch(new RegExp(`existed .+logs with ${role}`));
    });
  });
}
