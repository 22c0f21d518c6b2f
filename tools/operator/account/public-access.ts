import { GetPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { unless } from '#operator/aws/setting.ts';
import { inRegion, type StageContext } from '#stacks/context.ts';
import type { Verdict } from './verdict.ts';

interface PublicAccessPorts {
  readonly control: Pick<S3ControlClient, 'send'>;
  readonly account: () => Promise<string | undefined>;
}

/**
 * Whether the account lets a bucket have a policy that opens an object to everybody: the `base` stacks make one per region, which health checkers
 * read the route from. Where the account blocks that, S3 refuses the policy in the middle of the first deploy; of a stage that is there the checkers
 * are answered 403, and the next deploy goes on without it.
 *
 * Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage": the most restrictive of account and bucket counts.
 *
 * @param isFirst - whether nothing of the stage is there yet
 */
export async function checkPublicAccess(
  context: StageContext,
  isFirst: boolean,
  ports = awsPorts(context),
): Promise<Verdict> {
  const AccountId = await ports.account();
  const asked = ports.control.send(new GetPublicAccessBlockCommand({ AccountId }));
  const found = await unless(['NoSuchPublicAccessBlockConfiguration'], asked);
  const { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets } =
    found?.PublicAccessBlockConfiguration ?? {};
  const blocks = Object.entries({ BlockPublicPolicy, RestrictPublicBuckets }).flatMap(([name, on]) =>
    on ? [name] : [],
  );
  if (blocks.length === 0) return { outcome: 'ok', found: 'the account leaves bucket policies to its buckets' };
  const asItIs = `BlockPublicAcls=${BlockPublicAcls === true},IgnorePublicAcls=${IgnorePublicAcls === true}`;
  return {
    outcome: isFirst ? 'fail' : 'warn',
    found: `S3 blocks public access in the whole account (${blocks.join(', ')}): health checkers cannot read the route, so that route-away moves nothing`,
    fix: [
      `aws s3control put-public-access-block --account-id ${AccountId} --public-access-block-configuration ${asItIs},BlockPublicPolicy=false,RestrictPublicBuckets=false`,
      'Block what other buckets must not open on each of them before; those of this kit do, but for the one of the route.',
    ].join('\n'),
  };
}

function awsPorts(context: StageContext): PublicAccessPorts {
  const settings = clientSettings(accessOf(context), inRegion(context, 'primary').region);
  const own = process.env.AWS_ENDPOINT_URL_S3_CONTROL ?? process.env.AWS_ENDPOINT_URL;
  return {
    control: new S3ControlClient({
      ...settings,
      // Elsewhere than on AWS no host begins with the account's number.
      ...(own !== undefined && { endpointProvider: () => ({ url: new URL(own) }) }),
    }),
    account: async () => (await new STSClient(settings).send(new GetCallerIdentityCommand({}))).Account,
  };
}
