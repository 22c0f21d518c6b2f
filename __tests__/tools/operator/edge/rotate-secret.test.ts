import { describe, expect, it } from 'vitest';
import { finishSecret, rotateSecret } from '#operator/edge/rotate-secret.ts';
import { fingerprint } from '#operator/keys/key-parameter.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { StageContext } from '#stacks/context.ts';
import { memoryStore, context as shipped } from '#tests/tools/operator/parameters/stores.ts';
import { type FakedStack, FakedTerraform } from '#tests/tools/operator/terraform/faked-terraform.ts';
import { stacksOfAStage } from '#tests/tools/operator/terraform/stacks-of-a-stage.ts';

const edge = { state: 'active', priceClass: 'PriceClass_100', bypass: 'closed' } as const;
const parameters = [...shipped.settings.parameters, 'certificate_arn_edge', 'edge_secret'];
const context: StageContext = { ...shipped, settings: { ...shipped.settings, edge, parameters } };
const OLD = 'the-secret-that-the-edge-sends';
const NEW = 'a-new-secret-of-forty-letters-or-less';
const acl: FakedStack = { exists: true, changes: [['aws_wafv2_web_acl', 'update']] };
const usual = {
  'base-primary': acl,
  'base-secondary': acl,
  edge: { exists: true, changes: [['aws_cloudfront_distribution', 'update']] },
} satisfies Readonly<Record<string, FakedStack>>;

function portsOn(faked: Readonly<Record<string, FakedStack>> = usual, value: string = OLD, there: string = value) {
  const [like] = stacksOfAStage();
  if (like === undefined) throw new Error('There are no stacks.');
  const { regionType: _, ...rest } = like;
  const distribution: SynthesizedStack = { ...rest, id: 'dev-edge', name: 'edge', kind: 'edge', variables: [] };
  const terraform = new FakedTerraform(faked);
  const stores = {
    primary: memoryStore('eu-central-1', new Map([['edge_secret', value]])),
    secondary: memoryStore('eu-west-1', new Map([['edge_secret', there]])),
  };
  const asked: string[] = [];
  const ports = {
    stores,
    terraform,
    synthesize: async () => [...stacksOfAStage(), distribution],
    confirm: async (what: string) => {
      asked.push(what);
    },
    generate: () => NEW,
  };
  return { ports, terraform, stores, asked };
}

describe('the secret by which the regions know the edge (S4.1)', () => {
  it('is taken by both regions beside the old one before the edge sends it', async () => {
    const { ports, terraform, stores, asked } = portsOn();
    const change = await rotateSecret(context, ports);
    expect(stores.primary.values.get('edge_secret')).toBe(`${NEW},${OLD}`);
    expect(stores.secondary.values.get('edge_secret')).toBe(`${NEW},${OLD}`);
    expect(terraform.applied.map(({ stack }) => stack)).toEqual(['base-primary', 'base-secondary', 'edge']);
    expect(change).toMatchObject({ outcome: 'rotated', current: fingerprint(NEW), previous: fingerprint(OLD) });
    expect(JSON.stringify([change, asked])).not.toMatch(new RegExp(`${NEW}|${OLD}`));
  });

  it('is the only one again when the edge has sent it everywhere', async () => {
    const { ports, terraform, stores } = portsOn(usual, `${NEW},${OLD}`);
    expect(await finishSecret(context, ports)).toMatchObject({ outcome: 'finished', current: fingerprint(NEW) });
    expect(stores.secondary.values.get('edge_secret')).toBe(NEW);
    // The edge first: it must send nothing that the regions are about to forget.
    expect(terraform.applied.map(({ stack }) => stack)).toEqual(['edge', 'base-primary', 'base-secondary']);
  });

  it('is not rotated twice at once, without a rotation not finished, and not where the regions differ', async () => {
    const refused = async (work: Promise<unknown>) => String(await work.catch((error: unknown) => error));
    expect(await refused(rotateSecret(context, portsOn(usual, `${NEW},${OLD}`).ports))).toMatch(
      /A rotation is under way.+two-region edge rotate dev --finish/,
    );
    expect(await refused(finishSecret(context, portsOn().ports))).toContain('No rotation is under way');
    expect(await refused(rotateSecret(context, portsOn(usual, OLD, NEW).ports))).toMatch(
      /different secrets.+two-region params sync dev/,
    );
    expect(await refused(rotateSecret(shipped, portsOn().ports))).toContain('EDGE of settings.conf is "none"');
  });

  it('changes nothing where something else is waiting in one of the stacks', async () => {
    const more: FakedStack = { exists: true, changes: [['aws_s3_bucket', 'update']] };
    const { ports, terraform, stores } = portsOn({ ...usual, 'base-secondary': more });
    await expect(rotateSecret(context, ports)).rejects.toThrow(/base-secondary has other changes/);
    expect(stores.primary.writes).toEqual([]);
    expect(terraform.applied).toEqual([]);
  });

  it('stays the old one at the edge where a region did not take the new one, and says how to go on', async () => {
    const { ports, terraform } = portsOn({ ...usual, 'base-secondary': { ...acl, applyFails: 'throttled' } });
    await expect(rotateSecret(context, ports)).rejects.toThrow(
      /base-secondary:\nthrottled[\s\S]+deploy dev --only base edge/,
    );
    expect(terraform.applied.map(({ stack }) => stack)).toEqual(['base-primary']);
  });
});
