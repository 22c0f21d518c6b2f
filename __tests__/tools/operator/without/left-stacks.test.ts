import { describe, expect, it } from 'vitest';
import { deployStage, prepareDeploy } from '#operator/deploy/deploy-stage.ts';
import { optionsOf } from '#operator/deploy/run-deploy.ts';
import { diffStage } from '#operator/diff/diff-stage.ts';
import { oweRelease } from '#operator/regions/catch-up.ts';
import { leftSources, leftStacks } from '#operator/without/left-stacks.ts';
import type { RegionType } from '#stacks/context.ts';
import { recorded } from '#tests/tools/operator/journal/recorded.ts';
import { context, type FakedRegion, fakedLive } from '#tests/tools/operator/live/faked-live.ts';
import { keptCatchUp } from '#tests/tools/operator/regions/kept-catch-up.ts';
import { FakedTerraform } from '#tests/tools/operator/terraform/faked-terraform.ts';
import { stacksOfAStage } from '#tests/tools/operator/terraform/stacks-of-a-stage.ts';

const released: FakedRegion = { target: 'envA', versions: { envA: '3', envB: '4' }, pinned: ['envB'] };
const gone = Object.assign(new Error('connect ETIMEDOUT 192.0.2.1:443'), { code: 'ETIMEDOUT' });

/** A stage of which one region is gone. @param without - whether that is said */
function ports(lost: RegionType, without?: RegionType) {
  const live = fakedLive({ primary: released, secondary: released, [lost]: { ...released, failure: gone } });
  return {
    live: leftSources(context, live, without),
    synthesize: async () => leftStacks(stacksOfAStage(), without),
  };
}

describe.each(['primary', 'secondary'] as const)('a stage whose %s region is gone (B16)', (lost) => {
  const left = lost === 'primary' ? 'secondary' : 'primary';

  it('is deployed without it: the stacks of the other region, to the idle environment, and nothing is asked of it', async () => {
    const options = optionsOf('dev', undefined, { without: lost });
    const { decision, live } = await prepareDeploy(context, ports(lost, lost), options);
    expect(live).toBe('envA');
    expect(decision.environments).toContain('envB');
    const names = decision.steps.flatMap((step) => step.map(({ name }) => name));
    expect(names).toEqual(expect.arrayContaining([`base-${left}`, `api-${left}`, `envB-${left}`, `entry-${left}`]));
    expect(names.filter((name) => !name.endsWith(`-${left}`))).toEqual([]);
    expect(options.again).toBe(`two-region deploy dev --without ${lost}`);
  });

  it('owes the lost one what it deploys, once it is known that it does', async () => {
    const terraform = new FakedTerraform();
    const catchUp = keptCatchUp();
    const owe = (refused: boolean) =>
      deployStage(
        context,
        {
          ...ports(lost, lost),
          terraform,
          journal: recorded(),
          confirmFirst: async () => undefined,
          confirmLive: async () => {
            if (refused) throw new Error('not meant');
          },
          confirmLiveChange: async () => undefined,
          owe: async ({ environments }) => {
            expect(terraform.applied).toEqual([]);
            return oweRelease(catchUp, lost, { environments, what: 'its stacks are to be deployed' });
          },
        },
        optionsOf('dev', refused ? 'envA' : 'envB', { without: lost }),
      );
    await expect(owe(true)).rejects.toThrow('not meant');
    expect(await catchUp.read(lost)).toEqual([]);
    const { catchUp: told } = await owe(false);
    expect(told).toEqual([
      expect.stringContaining(`The ${lost} region has to catch up: its stacks are to be deployed`),
    ]);
    expect(await catchUp.read(lost)).toMatchObject([{ kind: 'release', environments: ['envB', 'preview'] }]);
  });

  it('is planned without it', async () => {
    const terraform = new FakedTerraform();
    const { stacks } = await diffStage(context, { ...ports(lost, lost), terraform }, [], {
      onPlanned: () => undefined,
    });
    expect(stacks.length).toBeGreaterThan(0);
    expect(terraform.planned.filter((name) => !name.endsWith(`-${left}`))).toEqual([]);
  });

  it('says which region is gone, and the flag', async () => {
    const said = new RegExp(`The ${lost} region .+ did not answer: connect ETIMEDOUT .+--without ${lost}`);
    await expect(prepareDeploy(context, ports(lost), optionsOf('dev', undefined, {}))).rejects.toThrow(said);
    const terraform = new FakedTerraform();
    const planned = diffStage(context, { ...ports(lost), terraform }, [], { onPlanned: () => undefined });
    await expect(planned).rejects.toThrow(said);
  });
});
