import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { clientVariables, describeVariables } from '#operator/local/print-environment.ts';
import { regionMessage, regionsMessage } from '#tests/tools/local/support/regions-message.ts';

const operator = { accessKeyId: 'AKIDOPERATOR', secretAccessKey: "with 'quotes' and $HOME" };
const message = regionsMessage({
  credentials: { ...regionsMessage().credentials, operator },
  regions: {
    primary: regionMessage({ services: { dynamodb: 'http://127.0.0.1:1', s3: 'http://127.0.0.1:2' } }),
    secondary: regionMessage({ region: 'eu-west-1', services: { ssm: 'http://127.0.0.1:3' } }),
  },
});

describe('the variables with which clients use the runtime (B14)', () => {
  it('name credentials, region and the endpoints of one region', () => {
    expect(clientVariables(message, 'primary')).toEqual({
      AWS_ACCESS_KEY_ID: operator.accessKeyId,
      AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:2',
    });
    expect(clientVariables(message, 'secondary')).toMatchObject({
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:3',
    });
  });

  it('reach a shell as they are, and take away what would win over them', () => {
    const lines = describeVariables(clientVariables(message, 'primary'));
    const script = `${lines}\nprintf '%s|%s' "$AWS_SECRET_ACCESS_KEY" "\${AWS_SESSION_TOKEN-none}"`;
    const seen = execFileSync('sh', ['-c', script], { env: { ...process.env, AWS_SESSION_TOKEN: 'old' } });
    expect(seen.toString()).toBe(`${operator.secretAccessKey}|none`);
  });
});
