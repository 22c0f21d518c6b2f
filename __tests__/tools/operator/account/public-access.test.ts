import { GetPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { checkPublicAccess } from '#operator/account/public-access.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const open = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false, RestrictPublicBuckets: false };

async function verdictOf(block: typeof open | Error, isFirst = true) {
  const control = new S3ControlClient({});
  const mock = mockClient(control).on(GetPublicAccessBlockCommand, { AccountId: '123456789012' });
  if (block instanceof Error) mock.rejects(block);
  else mock.resolves({ PublicAccessBlockConfiguration: block });
  return checkPublicAccess(context, isFirst, { control, account: async () => '123456789012' });
}

describe("the account's block of public access, and the bucket of the route (B29)", () => {
  it('leave it readable where nothing is blocked in the account, or ACLs alone', async () => {
    const none = Object.assign(new Error('none'), { name: 'NoSuchPublicAccessBlockConfiguration' });
    expect(await verdictOf(none)).toMatchObject({ outcome: 'ok' });
    expect(await verdictOf(open)).toMatchObject({ outcome: 'ok' });
  });

  it.each([
    ['BlockPublicPolicy', { ...open, BlockPublicPolicy: true }],
    ['RestrictPublicBuckets', { ...open, RestrictPublicBuckets: true, BlockPublicAcls: false }],
  ])(
    'close it by %s: a first deploy fails before it begins, with the command that opens it and leaves the rest',
    async (name, block) => {
      const verdict = await verdictOf(block);
      expect(verdict).toMatchObject({ outcome: 'fail', found: expect.stringContaining(`whole account (${name})`) });
      expect(verdict.fix).toContain(
        `--account-id 123456789012 --public-access-block-configuration BlockPublicAcls=${block.BlockPublicAcls},IgnorePublicAcls=true,BlockPublicPolicy=false,RestrictPublicBuckets=false`,
      );
      expect(await verdictOf(block, false)).toMatchObject({ outcome: 'warn' });
    },
  );

  it('are not known where that may not be asked', async () => {
    await expect(verdictOf(Object.assign(new Error('no'), { name: 'AccessDenied' }))).rejects.toThrow('no');
  });
});
