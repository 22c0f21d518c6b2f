import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import { describePromotion } from '#operator/promote/run-promote.ts';
import { runSmoke, type SmokeCall } from '#operator/promote/smoke.ts';

const examples = operations.flatMap((operation) => operation.examples.map((example) => ({ operation, example })));

describe('calls after a promotion (S1.6)', () => {
  it('send every example of the contract to the environment, in both regions, those that write first', async () => {
    const sent: string[] = [];
    const call: SmokeCall = async ({ method, path }, { status }, { environment, regionType }) => {
      expect(environment).toBe('envB');
      if (regionType === 'primary') sent.push(`${method} ${path}`);
      return status;
    };
    const results = await runSmoke(operations, 'envB', call);
    expect(results).toHaveLength(2 * examples.length);
    expect(results.filter(({ problem }) => problem !== undefined)).toEqual([]);
    expect(sent.indexOf('POST /user/{id}')).toBeLessThan(sent.indexOf('GET /user/{id}'));
    expect(sent.toSorted()).toEqual(examples.map(({ operation: { method, path } }) => `${method} ${path}`).toSorted());
  });

  it('say which answers are not as the contract has them, and go on with the others', async () => {
    const call: SmokeCall = async ({ id }, { status }, { regionType }) => {
      if (regionType === 'secondary' && id === 'test') return 500;
      if (regionType === 'secondary' && id === 'get-user') throw new Error('fetch failed');
      return status;
    };
    const smoke = await runSmoke(operations, 'envB', call);
    const text = describePromotion(
      { stage: 'dev', target: 'envA', environment: 'envB', functions: [], stacks: [], smoke },
      pc.createColors(false),
    );
    expect(text).toContain(`envB did not answer 2 of ${2 * examples.length} calls as the contract says:`);
    expect(text).toMatch(/secondary {2}GET \/test +Write everywhere +responded 500, expected 200/);
    expect(text).toMatch(/secondary {2}GET \/user\/\{id\} .+ fetch failed/);
    expect(text).not.toContain('two-region switch');
  });
});
