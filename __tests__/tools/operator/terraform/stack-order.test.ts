import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from '#operator/terraform/stack-order.ts';
import { stacksOfAStage } from './stacks-of-a-stage.ts';

const names = (first: readonly string[] = []) =>
  inOrder(stacksOfAStage(), first).map((step) => step.map(({ name }) => name).join(' '));

describe('the order of a deployment (S0.7)', () => {
  it('is data and buckets, the functions, the environments, the rest; both regions of a kind together', () => {
    expect(names(['data', 'base-primary', 'base-secondary', 'api', 'envA', 'envB'])).toEqual([
      'data',
      'base-primary base-secondary',
      'api-primary api-secondary',
      'envA-primary envA-secondary',
      'envB-primary envB-secondary',
      'preview-primary preview-secondary',
      'entry-primary entry-secondary',
      'routing',
    ]);
  });

  it('lets the settings choose where dependencies do not', () => {
    expect(names(['base', 'data'])[0]).toBe('base-primary base-secondary');
    expect(names(['routing']).at(-1)).not.toBe('preview');
    expect(names(['envB']).indexOf('envB-primary envB-secondary')).toBeLessThan(
      names(['envB']).indexOf('envA-primary envA-secondary'),
    );
  });

  it('never puts a stack before one that it reads from, whatever is asked for, and leaves none out', () => {
    const all = stacksOfAStage();
    fc.assert(
      fc.property(fc.shuffledSubarray(all.map(({ name }) => name)), fc.shuffledSubarray([...all]), (first, chosen) => {
        const steps = inOrder(chosen, first);
        const done = new Set<string>();
        for (const step of steps) {
          for (const { dependencies } of step) {
            const missing = dependencies.filter((name) => chosen.some((each) => each.name === name) && !done.has(name));
            expect(missing).toEqual([]);
          }
          step.forEach(({ name }) => {
            done.add(name);
          });
        }
        expect([...done].sort()).toEqual(chosen.map(({ name }) => name).sort());
      }),
    );
  });
});
