import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import type { DestroyReport } from '#operator/destroy/destroy-report.ts';
import { lockTableName, prefix, stateBucketName, tableName } from '#stacks/naming.ts';
import { stateLocation } from '#stacks/terraform/state-location.ts';
import { CTRL_C, ENTER } from '#tests/support/terminal-session.ts';
import { clientSettings, loggingRoles, prepareAccount } from '#tests/terraform/support/account.ts';
import { bucketNames, leftovers, listRoles, managedResources } from '#tests/terraform/support/live.ts';
import type { RecordedCall } from '#tests/terraform/support/recording/recorded-calls.ts';
import { ofCommands, refusedBy } from '#tests/terraform/support/recording/rights.ts';
import { cdktf } from '#tests/terraform/support/two-region.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

const LONG = 1_800_000;
const isAll = process.env.TERRAFORM_SCENARIOS === 'all';
/** Of the account's other stage. */
const OTHER_DOMAIN = 'other.example.org';

/** A deployed stage is destroyed. Nothing can come after it. */
export function destroyScenario(stage: () => StageOnMoto): void {
  describe.sequential('a stage that is no longer needed (B20)', () => {
    /** Another stage of the same account. */
    const next = () => {
      const { context } = stage();
      return { ...context, stage: context.settings.stages.find((other) => other !== context.stage) ?? '' };
    };
    /** What was asked for that other stage. */
    const forNext = new Set<RecordedCall>();
    const runForNext = async (...args: string[]) => {
      const { moto, run } = stage();
      const before = moto.calls.length;
      const ran = await run(...args);
      for (const call of moto.calls.slice(before)) forNext.add(call);
      return ran;
    };

    it.runIf(isAll)('is not the only one of its account', { timeout: LONG }, async () => {
      const { directory, moto } = stage();
      expect(await runForNext('bootstrap', next().stage)).toMatchObject({ exitCode: 0 });
      const values = await prepareAccount(moto, next().settings, OTHER_DOMAIN);
      const file = join(directory, 'other.json');
      const keys = { api_key: 'other-'.repeat(5), preview_api_key: 'other-preview-'.repeat(3) };
      await writeFile(file, JSON.stringify({ ...values, ...keys }));
      expect(await runForNext('params', 'put', next().stage, '--file', file)).toMatchObject({ exitCode: 0 });
      expect(await runForNext('deploy', next().stage, '--yes')).toMatchObject({ exitCode: 0 });
    });

    it('loses no stack that others read; raw cdktf may take some down as well', { timeout: LONG }, async () => {
      const { context, directory, run, synthesize } = stage();
      const { exitCode, stdout } = await run('destroy', context.stage, '--stack', 'envB', '--yes', '--json');
      expect(exitCode).toBe(2);
      expect(JSON.parse(stdout).error.message).toMatch(/envB-primary: entry-primary\n.*--env ENVIRONMENT/s);
      await synthesize();
      const flags = ['--auto-approve', '--ignore-missing-stack-dependencies', '--skip-synth', '--skip-provider-lock'];
      // One after the other: of two that depend on each other cdktf starts Terraform for the first again and again.
      for (const name of ['observability', 'routing']) {
        const args = ['destroy', `${context.stage}-${name}`, ...flags, '--output', `${directory}/cdktf.out`];
        const raw = await cdktf(args, { TF_VAR_target_env: 'envA' });
        if (raw.exitCode !== 0) throw new Error(raw.output);
      }
    });

    it('is asked for its name, ends in good order on Ctrl-C, and goes on until nothing is left', {
      timeout: LONG,
    }, async () => {
      const { context, atTerminal, moto, run, s3 } = stage();
      const session = atTerminal('destroy', context.stage);
      await session.shows(/entry-primary +\d+ resources/);
      await session.shows(/table +\S+-user +\d+ items/);
      await session.shows(/cannot be brought back\. Type dev to go on\./);
      session.type(`dev${ENTER}`);
      await session.shows(/entry-primary: destroying/);
      session.type(CTRL_C);
      await session.shows(/Interrupted: Terraform ends what it has begun, writes its state and releases its lock/);
      expect(await session.ends()).toBe(4);
      expect(session.text).toMatch(/Not begun: .*base-secondary.+go on with: two-region destroy dev/s);
      const dynamodb = new DynamoDBClient(clientSettings(moto, context.settings.primaryRegion));
      const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: lockTableName(context) }));
      expect(Items.filter((item) => 'Info' in item)).toEqual([]);

      const { exitCode, stdout } = await run('destroy', context.stage, '--yes', '--json');
      const { error, stacks, data }: DestroyReport & { error?: unknown } = JSON.parse(stdout);
      expect({ exitCode, error }).toEqual({ exitCode: 0, error: undefined });
      expect(stacks.map(({ stack }) => stack)).toEqual(expect.not.arrayContaining(['observability', 'routing']));
      // What reads nothing goes last.
      expect(
        stacks
          .slice(-4)
          .map(({ stack, outcome }) => `${stack} ${outcome}`)
          .sort(),
      ).toEqual(['base-primary', 'base-secondary', 'certificates', 'data'].map((stack) => `${stack} destroyed`));
      expect(data.filter(({ kind }) => kind === 'table')).toHaveLength(7);
      for (const { stack, seconds } of stacks) console.log(`${stack} destroyed ${seconds.toFixed(0)} s`);

      // What bootstrap made holds the states of what is gone, and their locks.
      const [primary, secondary] = [stateLocation(context, 'primary'), stateLocation(context, 'secondary')];
      const counts = await managedResources(s3, primary.bucket);
      expect(Object.values(counts).filter((count) => count > 0)).toEqual([]);
      const ofNext = [prefix(next()), stateBucketName(next()), lockTableName(next()), OTHER_DOMAIN];
      const isOwn = (name = '') => !ofNext.some((each) => name.includes(each));
      expect((await bucketNames(s3)).filter(isOwn).sort()).toEqual([primary.bucket, secondary.bucket].sort());
      expect((await leftovers(moto, primary.region)).filter(isOwn)).toEqual([`table ${primary.lockTable}`]);
      expect((await leftovers(moto, secondary.region)).filter(isOwn)).toEqual([`table ${secondary.lockTable}`]);
    });

    it.runIf(isAll)('leaves another stage of the account all that it has (B29)', { timeout: LONG }, async () => {
      const { exitCode, stdout } = await runForNext('diff', next().stage, '--json');
      const { stacks, account } = JSON.parse(stdout);
      const changed = stacks.filter(({ changes }: { changes: readonly unknown[] }) => changes.length > 0);
      expect({ exitCode, changed, account }).toEqual({ exitCode: 0, changed: [], account: [] });
      expect(await runForNext('status', next().stage)).toMatchObject({ exitCode: 0 });
      expect(await runForNext('params', 'check', next().stage)).toMatchObject({ exitCode: 0 });
    });

    it('leaves to the account what is not its own: each region logs with the role that it had before (B29)', async () => {
      const { context, moto, otherTeam } = stage();
      const [primary, secondary] = await loggingRoles(moto, [
        context.settings.primaryRegion,
        context.settings.secondaryRegion,
      ]);
      expect(primary).toContain(`${context.settings.appName}-gateway-logging`);
      expect(secondary).toBe(otherTeam);
      expect(await listRoles(moto, context.settings.primaryRegion)).toEqual(
        expect.arrayContaining([`${context.settings.appName}-gateway-logging`, 'other-team']),
      );
      const { stdout } = await runForNext('bootstrap', next().stage);
      for (const role of [primary, secondary]) expect(stdout).toMatch(new RegExp(`existed .+logs with ${role}`));
    });

    it.runIf(isAll)(
      'was deployed, switched, tidied and destroyed with the rights that two-region permissions prints (B29)',
      () => {
        const { context, moto } = stage();
        const own = moto.calls.filter((call) => !forNext.has(call));
        const calls = new Set(ofCommands(own).map(({ action, resource }) => `${action} ${resource}`));
        const table = `arn:aws:dynamodb:${context.settings.primaryRegion}:123456789012:table/${tableName(context, 'user')}`;
        for (const call of ['CreateTable', 'Scan', 'DeleteTable']) expect(calls).toContain(`dynamodb:${call} ${table}`);
        expect(refusedBy(context, 'deploys', own)).toEqual([]);
        // The policy of who switches would not have done.
        expect(refusedBy(context, 'switches', own).join('\n')).toContain(`dynamodb:DeleteTable ${table}`);
      },
    );
  });
}
