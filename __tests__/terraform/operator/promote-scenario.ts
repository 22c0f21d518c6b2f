import { describe, expect, it } from 'vitest';
import { type DeployOptions, deployStage } from '#operator/deploy/deploy-stage.ts';
import { awsCatchUp } from '#operator/journal/stage-records.ts';
import { movedByTerraform } from '#operator/promote/move-aliases.ts';
import { promoteStage } from '#operator/promote/promote-stage.ts';
import { lambdaPublishers } from '#operator/promote/publish-versions.ts';
import type { SmokeCall } from '#operator/promote/smoke.ts';
import { oweRelease } from '#operator/regions/catch-up.ts';
import { releaseOnAws } from '#operator/return/release-on-aws.ts';
import { leftSources, leftStacks } from '#operator/without/left-stacks.ts';
import { environmentsOf } from './live-stage.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

const LONG = 1_800_000;

/** Promotions on a stage that is deployed with the target envA; afterwards envB runs the same code as before, unpinned. */
export function promoteScenario(stage: () => StageOnMoto): void {
  describe.sequential('promotions, by the real provider', () => {
    const called: string[] = [];
    const smoke: SmokeCall = async ({ method, path }, { status }, { environment, regionType }) => {
      called.push(`${regionType} ${environment} ${method} ${path}`);
      return status;
    };
    const promote = () => {
      const { context } = stage();
      const ports = {
        ...stage(),
        publish: lambdaPublishers(context),
        apply: movedByTerraform(context, stage()),
        smoke,
      };
      return promoteStage(context, ports, { functions: ['user'] });
    };
    const quiet = () => ({
      ...stage(),
      confirmFirst: () => Promise.reject(new Error('This is no first deploy.')),
      confirmLive: () => Promise.reject(new Error('The live environment is not meant.')),
      confirmLiveChange: () => Promise.reject(new Error('What is live is not meant.')),
    });
    const deploy = (options: Partial<DeployOptions>) =>
      deployStage(stage().context, quiet(), { again: '', ...options });
    const userInB = async () => (await environmentsOf(stage(), 'envB')).map(({ functions }) => functions.user);
    /** Without the secondary region, which gets the release when it is back. @param behind - its function until then */
    const deployOneByOne = async (behind: Awaited<ReturnType<typeof userInB>>[number] | undefined) => {
      const { context, moto, live, synthesize } = stage();
      const back = moto.lose([context.settings.secondaryRegion]);
      const owed = awsCatchUp(context);
      const alone = deployStage(
        context,
        {
          ...quiet(),
          live: leftSources(context, live, 'secondary'),
          synthesize: async () => leftStacks(await synthesize(), 'secondary'),
          owe: ({ environments }) => oweRelease(owed, 'secondary', { environments, what: 'envB' }),
        },
        { again: '', only: ['envB-primary'], withNewVersions: true },
      );
      const without = await alone.finally(() => expect(back()).toEqual([]));
      expect(without.stacks).toMatchObject([{ stack: 'envB-primary', outcome: 'applied' }]);
      const [ahead, left] = await userInB();
      expect([ahead?.isPinned, left]).toEqual([false, behind]);
      const [{ environments = [] } = {}] = await owed.read('secondary');
      const release = releaseOnAws(context, { ...stage(), onPhase: (text) => console.log(text) });
      expect(await release('secondary', environments)).toEqual([expect.stringMatching(/envB-secondary/)]);
      await owed.write('secondary', []);
    };

    it('publish what preview runs and pin the idle environment to it, in both regions; once (S1.6)', {
      timeout: LONG,
    }, async () => {
      const before = await environmentsOf(stage(), 'envB');
      const live = await environmentsOf(stage(), 'envA');
      stage().edited.add('user');
      await deploy({ only: ['api'] });
      expect(await environmentsOf(stage(), 'envB')).toEqual(before);
      const promotion = await promote();
      expect(promotion).toMatchObject({ target: 'envA', environment: 'envB' });
      const [user] = promotion.functions;
      const [primary, secondary] = await userInB();
      expect(primary).toMatchObject({ version: user?.versions.primary, codeSha256: user?.codeSha256, isPinned: true });
      expect(secondary).toMatchObject({
        version: user?.versions.secondary,
        codeSha256: user?.codeSha256,
        isPinned: true,
      });
      expect(user?.versions).not.toEqual(user?.before);
      const others = (await environmentsOf(stage(), 'envB')).map(({ functions: { user: _, ...rest } }) => rest);
      expect(others).toEqual(before.map(({ functions: { user: _, ...rest } }) => rest));
      expect(await environmentsOf(stage(), 'envA')).toEqual(live);
      expect(called).toContain('primary envB POST /user/{id}');
      expect(called).toContain('secondary envB GET /events');

      const again = await promote();
      expect(again.functions).toEqual([{ ...user, before: user?.versions }]);
      expect(again.stacks.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
    });

    it('survive later deploys, until new versions are wanted, by one region at a time where all is asked for (S1.6, B16)', {
      timeout: LONG,
    }, async () => {
      const pinned = await userInB();
      stage().edited.delete('user');
      const { stacks } = await deploy({ only: ['api', 'envB'] });
      expect(stacks.map(({ stack, outcome }) => [stack, outcome])).toEqual([
        ['api-primary', 'applied'],
        ['api-secondary', 'applied'],
        ['envB-primary', 'unchanged'],
        ['envB-secondary', 'unchanged'],
      ]);
      expect(await userInB()).toEqual(pinned);
      if (process.env.TERRAFORM_SCENARIOS === 'all') await deployOneByOne(pinned[1]);
      else await deploy({ only: ['envB'], withNewVersions: true });
      const [primary, secondary] = await userInB();
      expect(secondary?.codeSha256).toBe(primary?.codeSha256);
      expect([primary?.isPinned, secondary?.isPinned]).toEqual([false, false]);
      expect(Number(primary?.version)).toBeGreaterThan(Number(pinned[0]?.version));
    });

    it('are refused on the command line for the target, with exit code 2', async () => {
      const { context, run } = stage();
      const { exitCode, stdout } = await run('promote', context.stage, 'user', '--env', 'envA', '--json');
      expect(exitCode).toBe(2);
      expect(JSON.parse(stdout).error.message).toContain('envA receives live traffic, allowed are envB.');
    });
  });
}
