import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ENCRYPTED } from '#stacks/settings/settings.ts';
import { type SynthesizedStack, synthesizeStage } from '#tests/support/synthesized-stage.ts';

const REGIONS = ['primary', 'secondary'] as const;
const statement = z.object({
  sid: z.string(),
  actions: z.array(z.string()),
  principals: z.array(z.object({ type: z.string(), identifiers: z.array(z.string()) })),
  condition: z.array(z.object({ test: z.string(), variable: z.string(), values: z.array(z.string()) })).default([]),
});

describe('OWN_KEYS (S3.8)', async () => {
  const own = await synthesizeStage('dev', { ownKeys: ENCRYPTED, objectReplication: 'two-way' });
  const prepared = await synthesizeStage('dev', { ownKeys: ['logs'] });
  const none = await synthesizeStage('dev');
  const statementsOf = (stack: SynthesizedStack, holding: string) =>
    stack
      .dataSources('aws_iam_policy_document')
      .map((document) => z.array(statement.partial()).parse(document.statement))
      .filter((all) => JSON.stringify(all).includes(holding))
      .map((all) => z.array(statement).parse(all))[0] ?? [];

  it('is nothing at all unless it is set: keys are those of the topics alone', () => {
    expect(none('data').resources('aws_kms_key')).toEqual([]);
    for (const region of REGIONS) expect(none(`base-${region}`).resources('aws_kms_key')).toHaveLength(1);
  });

  it('makes two keys in each region, rotated, gone 30 days after somebody says so, with an alias', () => {
    const keys = own('data').resources('aws_kms_key');
    expect(
      keys.map(({ provider, enable_key_rotation, deletion_window_in_days, multi_region }) => [
        provider,
        enable_key_rotation,
        deletion_window_in_days,
        multi_region,
      ]),
    ).toEqual([
      ['aws', true, 30, undefined],
      ['aws.secondary', true, 30, undefined],
    ]);
    expect(
      own('data')
        .resources('aws_kms_alias')
        .map(({ name }) => name),
    ).toEqual(['alias/two-region-api-dev-tables', 'alias/two-region-api-dev-tables']);
    for (const region of REGIONS) {
      const names = own(`base-${region}`)
        .resources('aws_kms_alias')
        .map(({ name }) => name);
      expect(names).toEqual(['alias/two-region-api-dev-alarms', 'alias/two-region-api-dev-region']);
    }
  });

  it('gives each copy of a table the key of its own region', () => {
    const tables = own('data').resources('aws_dynamodb_table');
    expect(tables.length).toBeGreaterThan(3);
    for (const { server_side_encryption, replica } of tables) {
      expect(server_side_encryption).toEqual({ enabled: true, kms_key_arn: aliasOf('primary-key') });
      expect(replica).toEqual([expect.objectContaining({ kms_key_arn: aliasOf('secondary-key') })]);
    }
  });

  it('makes the keys of tables before tables have them, and leaves everything else that is not named alone', () => {
    expect(prepared('data').resources('aws_kms_key')).toHaveLength(2);
    const json = (stacks: typeof none) => JSON.stringify(stacks('data').resources('aws_dynamodb_table'));
    expect(json(prepared)).toBe(json(none));
    for (const type of ['aws_s3_bucket_server_side_encryption_configuration', 'aws_lambda_function']) {
      expect(JSON.stringify(prepared('base-primary').resources(type))).toBe(
        JSON.stringify(none('base-primary').resources(type)),
      );
    }
  });

  it.each(REGIONS)(
    'encrypts buckets, logs and variables of the %s region, but not the one object that everybody reads',
    (region) => {
      const base = own(`base-${region}`);
      expect(base.resources('aws_s3_bucket_server_side_encryption_configuration').map(({ rule }) => rule)).toEqual(
        Array(2).fill([
          {
            apply_server_side_encryption_by_default: {
              sse_algorithm: 'aws:kms',
              kms_master_key_id: aliasOf('region-key'),
            },
            bucket_key_enabled: true,
          },
        ]),
      );
      const inOthers = expect.stringMatching(new RegExp(`base-${region}\\.outputs.+region-key`));
      for (const name of ['api', 'envA', 'envB', 'preview']) {
        const groups = own(`${name}-${region}`).resources('aws_cloudwatch_log_group');
        expect(groups.length).toBeGreaterThan(0);
        for (const group of groups) expect(group.kms_key_id).toEqual(inOthers);
      }
      for (const group of base.resources('aws_cloudwatch_log_group'))
        expect(group.kms_key_id).toEqual(aliasOf('region-key'));
      const functions = own(`api-${region}`).resources('aws_lambda_function');
      expect(functions.length).toBeGreaterThan(4);
      for (const each of functions) expect(each.kms_key_arn).toEqual(inOthers);
    },
  );

  it('lets CloudWatch Logs use the key for the log groups of the stage alone', () => {
    const logs = statementsOf(own('base-primary'), 'logs.eu-central-1').find(({ sid }) => sid === 'Logs');
    expect(logs?.principals).toEqual([{ type: 'Service', identifiers: ['logs.eu-central-1.amazonaws.com'] }]);
    expect(logs?.condition).toMatchObject([{ test: 'ArnLike', variable: 'kms:EncryptionContext:aws:logs:arn' }]);
    const patterns = logs?.condition[0]?.values.map(
      (arn) => new RegExp(`^${arn.split(':log-group:')[1]?.replaceAll('*', '.*')}$`),
    );
    const groups = ['base', 'api', 'envA', 'preview'].flatMap((name) =>
      own(`${name}-primary`)
        .resources('aws_cloudwatch_log_group')
        .map(({ name: group }) => String(group).replace(/\$\{[^}]+\}/, 'id')),
    );
    expect(groups.length).toBeGreaterThan(8);
    for (const group of groups)
      expect(
        patterns?.some((pattern) => pattern.test(group)),
        group,
      ).toBe(true);
  });

  it("lets the stage's roles use it by one service each, for what is the stage's: versions that are live keep their roles", () => {
    const uses = [
      ...statementsOf(own('data'), 'dynamodb.eu-west-1'),
      ...statementsOf(own('base-secondary'), 's3.eu-west-1'),
    ].filter(({ sid }) => sid !== 'Account' && sid !== 'Logs');
    expect(uses.map(({ sid, condition }) => [sid, ...condition.map(({ variable }) => variable)])).toEqual([
      [
        'Tables',
        'kms:CallerAccount',
        'kms:ViaService',
        'aws:PrincipalArn',
        'kms:EncryptionContext:aws:dynamodb:tableName',
      ],
      ['Objects', 'kms:CallerAccount', 'kms:ViaService', 'aws:PrincipalArn', 'kms:EncryptionContext:aws:s3:arn'],
      ['Parameters', 'kms:CallerAccount', 'kms:ViaService', 'aws:PrincipalArn', 'kms:EncryptionContext:PARAMETER_ARN'],
    ]);
    const values = (name: string) =>
      uses.map(({ condition }) => condition.find(({ variable }) => variable === name)?.values);
    expect(values('kms:ViaService')).toEqual([
      ['dynamodb.eu-west-1.amazonaws.com'],
      ['s3.eu-west-1.amazonaws.com'],
      ['ssm.eu-west-1.amazonaws.com'],
    ]);
    for (const roles of values('aws:PrincipalArn')) {
      expect(roles).toEqual([expect.stringMatching(/^arn:aws:iam::.+:role\/two-region-api-dev-\*$/)]);
    }
    const names = REGIONS.flatMap((region) => own(`api-${region}`).resources('aws_iam_role'));
    const before = REGIONS.flatMap((region) => none(`api-${region}`).resources('aws_iam_role'));
    expect(JSON.stringify(names)).toBe(JSON.stringify(before));
  });

  it('lets S3 open objects with the key of the one region and close them with the key of the other', () => {
    const rules = own('data')
      .resources('aws_s3_bucket_replication_configuration')
      .map(({ rule }) => rule);
    for (const [index, region] of (['secondary', 'primary'] as const).entries()) {
      const key = expect.stringMatching(new RegExp(`base-${region}\\.outputs.+region-key`));
      expect(rules[index]).toMatchObject([
        {
          source_selection_criteria: { sse_kms_encrypted_objects: { status: 'Enabled' } },
          destination: { encryption_configuration: { replica_kms_key_id: key } },
        },
      ]);
    }
    const role = own('data')
      .dataSources('aws_iam_policy_document')
      .map((document) => JSON.stringify(document.statement))
      .filter((text) => text.includes('s3:ReplicateObject'));
    expect(role).toHaveLength(2);
    expect(role[0]).toMatch(
      /"kms:Decrypt".+s3\.eu-central-1.+base-primary\.outputs.+region-key.+"kms:Encrypt".+s3\.eu-west-1.+base-secondary\.outputs.+region-key/,
    );
  });
});

function aliasOf(id: string) {
  return expect.stringMatching(new RegExp(`^\\$\\{aws_kms_alias\\.${id}_key-alias_\\w+\\.target_key_arn\\}$`));
}
