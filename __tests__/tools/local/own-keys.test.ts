import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningStage, startStage } from './support/running-stage.ts';

let stage: RunningStage;
beforeAll(async () => {
  stage = await startStage({
    settings: { OWN_KEYS: '( "tables" "buckets" "logs" "functions" "parameters" )', OBJECT_REPLICATION: '"two-way"' },
  });
}, 60_000);
afterAll(() => stage?.close());

describe("keys of one's own on this machine (S3.8)", () => {
  it("serve as AWS's own do: a write is read in both regions", async () => {
    const { apiKey, regions } = stage.summary;
    const call = (region: 'primary' | 'secondary', path: string, init: RequestInit = {}) =>
      fetch(`${regions[region].environments.envA}${path}`, {
        ...init,
        headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
      });
    const created = await call('primary', '/user/keyedkeyed', {
      method: 'POST',
      body: JSON.stringify({ name: 'Ada' }),
    });
    expect(created.status).toBe(200);
    await expect.poll(async () => (await call('secondary', '/user/keyedkeyed')).status, { timeout: 30_000 }).toBe(200);
  });

  it('are listed by their type alone: no argument that names one is left without a verdict', () => {
    const types = stage.summary.unserved.map(({ type }) => type);
    expect(types).toContain('aws_kms_key');
    expect(types.filter((type) => /\./.test(type) && /kms|key_arn|encrypt/.test(type))).toEqual([]);
  });
});
