import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { RuntimeSummary } from '../../../tools/local/summary.ts';
import { describeRuntime } from '../../../tools/operator/describe-runtime.ts';

const summary: RuntimeSummary = {
  stage: 'dev',
  entry: 'http://127.0.0.1:3000',
  name: 'api.example.com',
  apiKey: 'the-key',
  apiKeys: [
    { value: 'the-key', environments: ['envA', 'envB'] },
    { value: 'another-key', environments: ['preview'] },
  ],
  regions: {
    primary: {
      region: 'eu-central-1',
      url: 'http://127.0.0.1:3001',
      environments: { envA: 'http://127.0.0.1:3001/envA' },
    },
    secondary: {
      region: 'eu-west-1',
      url: 'http://127.0.0.1:3002',
      environments: { envA: 'http://127.0.0.1:3002/envA' },
    },
  },
  unserved: [
    { type: 'aws_sns_topic', addresses: ['aws_sns_topic.a', 'aws_sns_topic.b'] },
    { type: 'aws_kms_key', addresses: ['aws_kms_key.k'] },
  ],
};
const plain = pc.createColors(false);

describe('the summary of a running runtime', () => {
  it('lists entry, regions and environments with their URLs, the key, a line to copy and what is not served (B1)', () => {
    expect(describeRuntime(summary, 2345, plain)).toMatchInlineSnapshot(`
      "
      Stage dev runs in two regions, ready in 2.3 s.

      entry      http://127.0.0.1:3000       api.example.com
      primary    http://127.0.0.1:3001       eu-central-1
        envA     http://127.0.0.1:3001/envA
      secondary  http://127.0.0.1:3002       eu-west-1
        envA     http://127.0.0.1:3002/envA

      API key  the-key  envA, envB
      API key  another-key  preview

        curl -H 'x-api-key: the-key' http://127.0.0.1:3000/test

      In another terminal: npx two-region local fail primary

      Not served here: aws_sns_topic (2), aws_kms_key (1).
      "
    `);
  });

  it('says nothing of what is not served when all is', () => {
    expect(describeRuntime({ ...summary, unserved: [] }, 1, plain)).not.toContain('Not served');
  });
});
