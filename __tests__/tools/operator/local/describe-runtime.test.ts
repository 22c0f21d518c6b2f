import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { RuntimeSummary } from '#local/control/summary.ts';
import { describeRuntime } from '#operator/local/describe-runtime.ts';

const summary: RuntimeSummary = {
  stage: 'dev',
  entry: 'http://127.0.0.1:3000',
  name: 'api.example.com',
  httpEntry: 'http://127.0.0.1:3005',
  httpName: 'events.example.com',
  apiKey: 'the-key',
  apiKeys: [
    { value: 'the-key', environments: ['envA', 'envB'] },
    { value: 'another-key', environments: ['preview'] },
  ],
  invoker: { accessKeyId: 'AKIAALLOWED', secretAccessKey: 'secret-1' },
  stranger: { accessKeyId: 'AKIADENIED', secretAccessKey: 'secret-2' },
  regions: {
    primary: {
      region: 'eu-central-1',
      url: 'http://127.0.0.1:3001',
      environments: { envA: 'http://127.0.0.1:3001/envA' },
      httpEnvironments: { envA: 'http://127.0.0.1:3003/envA' },
      services: { dynamodb: 'http://127.0.0.1:4000', s3: 'http://127.0.0.1:4002' },
    },
    secondary: {
      region: 'eu-west-1',
      url: 'http://127.0.0.1:3002',
      environments: { envA: 'http://127.0.0.1:3002/envA' },
      httpEnvironments: { envA: 'http://127.0.0.1:3004/envA' },
      services: { dynamodb: 'http://127.0.0.1:4001', s3: 'http://127.0.0.1:4003' },
    },
  },
  otherRuntimes: [],
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
                 http://127.0.0.1:3005       events.example.com (HTTP API)
      primary    http://127.0.0.1:3001       eu-central-1
        envA     http://127.0.0.1:3001/envA
        envA     http://127.0.0.1:3003/envA  HTTP API
                 http://127.0.0.1:4000       dynamodb
                 http://127.0.0.1:4002       s3
      secondary  http://127.0.0.1:3002       eu-west-1
        envA     http://127.0.0.1:3002/envA
        envA     http://127.0.0.1:3004/envA  HTTP API
                 http://127.0.0.1:4001       dynamodb
                 http://127.0.0.1:4003       s3

      API key   the-key               envA, envB
      API key   another-key           preview
      IAM user  AKIAALLOWED secret-1  may do what the primary region's role for callers may
      IAM user  AKIADENIED secret-2   may call none of them

        curl -H 'x-api-key: the-key' http://127.0.0.1:3000/test
        curl --aws-sigv4 aws:amz:eu-central-1:execute-api --user 'AKIAALLOWED:secret-1' http://127.0.0.1:3005/events
        npx two-region call GET /events

      Tables, objects and parameters end with this run; --data <folder> keeps them.
      AWS CLI and SDKs, in another terminal: eval "$(npx two-region local env)"

      In another terminal: npx two-region local fail primary

      Not served here: aws_sns_topic (2), aws_kms_key (1).
      "
    `);
  });

  it('shows how to sign only where a public name leads to an HTTP API (S2.6)', () => {
    const { httpEntry: _, httpName: __, ...withoutHttp } = summary;
    const text = describeRuntime(withoutHttp, 1, plain);
    expect(text).not.toContain('sigv4');
    expect(text).toContain(`curl -H 'x-api-key: the-key'`);
  });

  it('says where the functions are for another Node.js than this one (B14)', () => {
    expect(describeRuntime(summary, 1, plain)).not.toContain('The functions are for');
    expect(describeRuntime({ ...summary, otherRuntimes: ['nodejs18.x'] }, 1, plain)).toContain(
      `The functions are for nodejs18.x, and run on Node.js ${process.versions.node} here.`,
    );
  });

  it('says nothing of what is not served when all is', () => {
    expect(describeRuntime({ ...summary, unserved: [] }, 1, plain)).not.toContain('Not served');
  });
});
