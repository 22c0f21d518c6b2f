import { describe, expect, it } from 'vitest';
import { keyPlace, keyStacks } from '#operator/keys/key-stacks.ts';
import { leftSources } from '#operator/without/left-stacks.ts';
import { context, type FakedRegion, fakedLive } from '#tests/tools/operator/live/faked-live.ts';
import { type FakedStack, FakedTerraform } from '#tests/tools/operator/terraform/faked-terraform.ts';
import { stacksOfAStage } from '#tests/tools/operator/terraform/stacks-of-a-stage.ts';

const BOTH = ['primary', 'secondary'] as const;
const live: FakedRegion = { target: 'envB', versions: { envA: '1', envB: '2' } };
const keys: FakedStack = { exists: true, changes: [['aws_api_gateway_api_key', 'create']] };

function stacksOn(faked: Readonly<Record<string, FakedStack>>, secondary: FakedRegion = live) {
  const terraform = new FakedTerraform(faked);
  const ports = { live: fakedLive({ primary: live, secondary }), synthesize: async () => stacksOfAStage(), terraform };
  return { terraform, stacks: keyStacks(context, ports) };
}

describe('the stacks that declare keys (S4.3)', () => {
  it('are applied with the target that is live', async () => {
    const { stacks, terraform } = stacksOn({ 'entry-primary': keys, 'entry-secondary': keys });
    await stacks.apply(keyPlace(context, undefined), BOTH);
    expect(terraform.applied).toEqual([
      { stack: 'entry-primary', variables: { target_env: 'envB' } },
      { stack: 'entry-secondary', variables: { target_env: 'envB' } },
    ]);
  });

  it('are those of preview for its key, and those of one region where the other has what it needs', async () => {
    const { stacks, terraform } = stacksOn({ 'preview-secondary': keys });
    await stacks.apply(keyPlace(context, 'preview'), ['secondary']);
    expect(terraform.applied.map(({ stack }) => stack)).toEqual(['preview-secondary']);
  });

  it.each(['primary', 'secondary'] as const)(
    'are those of the other region where %s is lost, of which nothing is asked (B16)',
    async (lost) => {
      const left = lost === 'primary' ? 'secondary' : 'primary';
      const terraform = new FakedTerraform({ [`entry-${left}`]: keys });
      const faked = fakedLive({ [left]: live, [lost]: { ...live, failure: new Error('The lost region was asked.') } });
      const ports = { live: leftSources(context, faked, lost), synthesize: async () => stacksOfAStage(), terraform };
      const stacks = keyStacks(context, { ...ports, without: lost });
      await stacks.requireSettled(keyPlace(context, undefined));
      await stacks.apply(keyPlace(context, undefined), [left]);
      expect(new Set(terraform.planned)).toEqual(new Set([`entry-${left}`]));
      expect(terraform.applied.map(({ stack }) => stack)).toEqual([`entry-${left}`]);
    },
  );

  it('are not applied, neither of them, when one has more to deploy than keys', async () => {
    const more: FakedStack = { exists: true, changes: [['aws_api_gateway_domain_name', 'update']] };
    const { stacks, terraform } = stacksOn({ 'entry-primary': keys, 'entry-secondary': more });
    const place = keyPlace(context, undefined);
    await expect(stacks.requireSettled(place)).rejects.toThrow(
      /entry-secondary has other changes.+two-region diff dev/s,
    );
    await expect(stacks.apply(place, BOTH)).rejects.toThrow(/Nothing was applied/);
    expect(terraform.applied).toEqual([]);
  });

  it('are not planned while the regions disagree about the target', async () => {
    const { stacks, terraform } = stacksOn({}, { ...live, target: 'envA' });
    await expect(stacks.requireSettled(keyPlace(context, undefined))).rejects.toThrow(/do not lead to one environment/);
    expect(terraform.planned).toEqual([]);
  });

  it('say how to go on when one of them fails', async () => {
    const fails: FakedStack = { ...keys, applyFails: 'throttled' };
    const { stacks } = stacksOn({ 'entry-primary': keys, 'entry-secondary': fails });
    await expect(stacks.apply(keyPlace(context, undefined), BOTH)).rejects.toThrow(
      /entry-secondary:\nthrottled\n.+two-region keys sync dev/,
    );
  });
});
