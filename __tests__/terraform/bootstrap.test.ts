import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteRoleCommand, IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import {
  DeleteBucketPolicyCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BootstrappedResource } from '#operator/state/bootstrap.ts';
import { lockTableName, stateBucketName, stateReplicaName, stateReplicationRoleName } from '#stacks/naming.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { clientSettings, loggingRoles, logWithRoleOfAnotherTeam } from './support/account.ts';
import { Moto } from './support/moto.ts';
import { ofCommands, refusedBy } from './support/recording/rights.ts';
import { BUCKET_REPLICATIONS } from './support/transformations.ts';
import { twoRegion } from './support/two-region.ts';

const settings = loadSettings('settings.conf');
const [stage = ''] = settings.stages;
const bucket = stateBucketName({ settings, stage });
let moto: Moto;
let directory: string;
let s3: S3Client;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'two-region-bootstrap-'));
  moto = await Moto.start();
  s3 = new S3Client({ ...clientSettings(moto, settings.primaryRegion), forcePathStyle: true });
});
afterAll(async () => {
  await moto?.stop();
  await rm(directory, { recursive: true });
});

const bootstrap = (...args: string[]) => twoRegion(['bootstrap', ...args], { environment: moto.environment });
const outcomes = (text: string) =>
  new Set(linesOf(text).flatMap((line) => line.match(/^(existed|made|repaired)/)?.[0] ?? []));
/** All but the one that moto takes for different. */
const linesOf = (text: string) => text.split('\n').filter((line) => !/^repaired .+ replication$/.test(line));

describe('two-region bootstrap (S0.4)', () => {
  it("makes bucket, lock table and the second region's copies, and says so on stdout, progress on stderr", async () => {
    const { exitCode, stdout, stderr } = await bootstrap(stage);
    expect(stderr).toContain(`Bucket ${bucket}`);
    expect(exitCode).toBe(0);
    expect(outcomes(stdout)).toEqual(new Set(['made']));
    expect(stdout).toContain(lockTableName({ settings, stage }));
    const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
    expect(Policy).toContain('aws:SecureTransport');
  });

  it("makes the second region's bucket as safe as the first, and has S3 copy to it with a role for that alone (B10)", async () => {
    const replica = stateReplicaName({ settings, stage });
    const there = new S3Client({ ...clientSettings(moto, settings.secondaryRegion), forcePathStyle: true });
    const { LocationConstraint } = await there.send(new GetBucketLocationCommand({ Bucket: replica }));
    expect(LocationConstraint).toBe(settings.secondaryRegion);
    const { Policy = '' } = await there.send(new GetBucketPolicyCommand({ Bucket: replica }));
    expect(Policy).toContain('aws:SecureTransport');
    const { ReplicationConfiguration } = await s3.send(new GetBucketReplicationCommand({ Bucket: bucket }));
    const role = stateReplicationRoleName({ settings, stage });
    expect(ReplicationConfiguration).toMatchObject({
      Role: `arn:aws:iam::123456789012:role/${role}`,
      Rules: [
        {
          Status: 'Enabled',
          Destination: { Bucket: `arn:aws:s3:::${replica}` },
        },
      ],
    });
    const iam = new IAMClient(clientSettings(moto, settings.primaryRegion));
    const policies = await iam.send(new ListRolePoliciesCommand({ RoleName: role }));
    expect(policies.PolicyNames).toEqual(['replicate-state']);
  });

  it('finds everything in place the second time', async () => {
    const { exitCode, stdout } = await bootstrap(stage, '--json');
    expect(exitCode).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.resources.map(({ kind, region }: Record<string, string>) => `${kind} ${region}`)).toEqual([
      `bucket ${settings.primaryRegion}`,
      `table ${settings.primaryRegion}`,
      `bucket ${settings.secondaryRegion}`,
      `table ${settings.secondaryRegion}`,
      'role global',
      `replication ${settings.primaryRegion}`,
      `API Gateway ${settings.primaryRegion}`,
      `API Gateway ${settings.secondaryRegion}`,
      'service global',
      'service global',
    ]);
    console.log(`moto: ${BUCKET_REPLICATIONS}`);
    const findings = report.resources.flatMap((resource: BootstrappedResource) => resource.findings);
    expect(findings.length).toBeGreaterThanOrEqual(20);
    for (const { outcome } of findings) expect(outcome).toBe('existed');
  });

  it('gives API Gateway a role of the account in both regions, and leaves the one that another team has set (B29)', async () => {
    const own = `arn:aws:iam::123456789012:role/${settings.appName}-gateway-logging`;
    const regions = [settings.primaryRegion, settings.secondaryRegion] as const;
    expect(await loggingRoles(moto, regions)).toEqual([own, own]);
    const other = await logWithRoleOfAnotherTeam(moto, settings.secondaryRegion);
    const { stdout } = await bootstrap(stage);
    expect(stdout).toContain(`logs with ${other}`);
    expect(await loggingRoles(moto, regions)).toEqual([own, other]);
    const iam = new IAMClient(clientSettings(moto, settings.primaryRegion));
    // The other team goes, and takes its role with it.
    await iam.send(new DeleteRoleCommand({ RoleName: 'other-team' }));
    expect((await bootstrap(stage)).stdout).toMatch(new RegExp(`repaired .+ logs with ${own}`));
  });

  it('repairs what is missing or different, and nothing else', async () => {
    const NotPublic = {
      BlockPublicAcls: true,
      BlockPublicPolicy: false,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    };
    const PublicAccessBlockConfiguration = NotPublic;
    await s3.send(new PutPublicAccessBlockCommand({ Bucket: bucket, PublicAccessBlockConfiguration }));
    const VersioningConfiguration = { Status: 'Suspended' as const };
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    await s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
    const { stdout } = await bootstrap(stage);
    const repaired = linesOf(stdout).filter((line) => line.startsWith('repaired'));
    expect(repaired.map((line) => line.split(/\s{2,}/).at(-1)).sort()).toEqual([
      'TLS only',
      'public access block',
      'versioning',
    ]);
    expect(outcomes((await bootstrap(stage)).stdout)).toEqual(new Set(['existed']));
  });

  it('calls nothing that its policy does not allow (B29)', () => {
    expect(ofCommands(moto.calls).length).toBeGreaterThan(100);
    expect(refusedBy({ settings, stage }, 'deploys', moto.calls)).toEqual([]);
  });

  it('refuses a bucket of another account with exit code 2 and names the setting to change', async () => {
    const sts = new STSClient(clientSettings(moto, settings.primaryRegion));
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::111122223333:role/other', RoleSessionName: 'other' }),
    );
    const environment = {
      ...moto.environment,
      AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey,
      AWS_SESSION_TOKEN: Credentials?.SessionToken,
    };
    const { exitCode, stdout, stderr } = await twoRegion(['bootstrap', stage], { environment });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/belongs to somebody else than account 111122223333.+STATE_BUCKET_PREFIX/s);
  });

  it('takes the profile that AWS_PROFILES gives the stage', async () => {
    const text = await readFile('settings.conf', 'utf8');
    const profiles = `AWS_PROFILES=( "${stage}=of-the-stage" )\n`;
    await writeFile(join(directory, 'settings.conf'), text.replace(/^AWS_PROFILES=\([^)]*\)\n/m, profiles));
    const credentials = join(directory, 'credentials');
    await writeFile(credentials, '[of-the-stage]\naws_access_key_id = testing\naws_secret_access_key = testing\n');
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...environment } = moto.environment;
    const run = await twoRegion(['bootstrap', stage], {
      directory,
      environment: { ...environment, AWS_SHARED_CREDENTIALS_FILE: credentials },
    });
    expect(outcomes(run.stdout)).toEqual(new Set(['existed']));
    const without = await twoRegion(['bootstrap', stage], { directory, environment });
    expect(without.exitCode).toBe(3);
    expect(without.stderr).toContain('of-the-stage');
  });

  it('ends with exit code 3 and the ways to log in where there are no credentials, as one JSON document with --json', async () => {
    const environment = { ...moto.environment, AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
    const { exitCode, stdout } = await twoRegion(['bootstrap', stage, '--json'], { environment });
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout).error).toMatchObject({ name: 'CredentialsError', exitCode: 3 });
    expect(stdout).toContain('aws sso login');
  });
});
