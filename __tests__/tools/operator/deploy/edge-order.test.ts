import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { inOrder } from '#operator/terraform/stack-order.ts';
import { readStacks } from '#operator/terraform/synthesized-stack.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { synthesize } from '#stacks/synthesize.ts';

/** The order in which a deploy applies the stage's stacks: the kinds of each step. */
async function orderWith(state: 'active' | 'none' | 'standby'): Promise<readonly string[]> {
  const outdir = await mkdtemp(join(tmpdir(), 'two-region-order-'));
  onTestFinished(() => rm(outdir, { recursive: true }));
  const edge = { state, priceClass: 'PriceClass_100', bypass: 'open' } as const;
  const settings = { ...loadSettings('settings.conf'), edge };
  await synthesize({ settings, stage: 'dev' }, outdir);
  return inOrder(await readStacks(outdir, 'dev'), settings.initialStacks).map(([stack]) => stack?.kind ?? '');
}

it('S4.1: there the distributions come before the records that lead to them, back the records wait for nothing of the edge', {
  timeout: 600_000,
}, async () => {
  const there = await orderWith('active');
  // The regions know the edge's secret before the edge sends it, and their names are there before anybody is led to them by it.
  for (const [first, then] of [
    ['base', 'edge'],
    ['entry', 'edge'],
    ['edge', 'routing'],
  ] as const) {
    expect([first, then, there.indexOf(first) < there.indexOf(then)]).toEqual([first, then, true]);
  }
  const back = await orderWith('standby');
  expect(back).toContain('edge');
  expect(await orderWith('none')).not.toContain('edge');
});
