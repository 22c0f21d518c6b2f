import { describe, expect, it } from 'vitest';
import { bundleFunctions } from '#constructs/bundle/function-bundle.ts';
import { operations } from '#contract/index.ts';

const names = [...new Set(operations.map((operation) => operation.function))];

describe('the functions of the contract (B2)', () => {
  it('have handlers whose bundles are at most 400 kB each', async () => {
    for (const { name, bytes } of (await bundleFunctions(names)).values()) {
      expect(bytes, name).toBeLessThanOrEqual(400_000);
    }
  });
});
