import { matchesGlob } from 'node:path';
import { TerraformStack, Testing } from 'cdktf';
import { describe, expect, it } from 'vitest';
import { event } from '#contract/event.ts';
import { jsonSchema } from '#contract/json-schema.ts';
import { type TableKeys, tables } from '#functions/environment.ts';
import { createDataStack } from '#stacks/data.ts';
import { functionRoleName, functionRolePattern } from '#stacks/naming.ts';
import { type FunctionRecord, parseRecords, type ReleaseRecord, type RouteRecord } from '#stacks/release-record.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

const route: RouteRecord = { id: 'old', api: 'http', method: 'GET', path: '/old', auth: 'iam' };
const version = (hash: string, changes: Partial<FunctionRecord> = {}): FunctionRecord => ({
  version: '3',
  role: { hash, name: `app-dev-${hash}-primary`, policy: '{"Version":"2012-10-17"}' },
  package: { bucket: 'packages', key: 'functions/old.zip', version: 'v3', sha256: 's' },
  tables: {},
  routes: [],
  ...changes,
});
const record: ReleaseRecord = {
  environment: 'envA',
  functions: {
    old: version('aaaaaaaa', { tables: { 'old-table': { partitionKey: 'id' } }, routes: [route] }),
    test: version('bbbbbbbb'),
  },
};
const context = { settings: loadSettings('settings.conf'), stage: 'dev' };

describe('what an environment runs and the code no longer names (B12)', async () => {
  const stack = await synthesizeStage('dev', {}, { primary: [record], secondary: [] });
  const without = await synthesizeStage();
  const api = stack('api-primary');

  it('stays as it is: the function with its log group and package, all changes ignored', () => {
    const old = api.resources('aws_lambda_function').find((each) => each.function_name === 'two-region-api-dev-old');
    expect(old).toMatchObject({ s3_object_version: 'v3', lifecycle: { ignore_changes: 'all' } });
    const names = api.resources('aws_cloudwatch_log_group').map(({ name }) => name);
    expect(names).toContain('/aws/lambda/two-region-api-dev-old');
    expect(api.resources('aws_s3_object')).toContainEqual(
      expect.objectContaining({ key: 'functions/old.zip', lifecycle: { ignore_changes: 'all' } }),
    );
    const others = stack('api-secondary').resources('aws_lambda_function');
    expect(others.map((each) => each.function_name)).not.toContain('two-region-api-dev-old');
  });

  it('keeps its roles beside those of the code, with the policy that they had', () => {
    const names = api.resources('aws_iam_role').map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['app-dev-aaaaaaaa-primary', 'app-dev-bbbbbbbb-primary']));
    expect(names.filter((name) => String(name).startsWith('two-region-api-dev-test-'))).toHaveLength(1);
    const policies = api
      .resources('aws_iam_role_policy')
      .filter(({ policy }) => policy === record.functions.old?.role.policy);
    expect(policies).toHaveLength(2);
  });

  it('keeps tables, and the permission to invoke its routes in its environment alone', () => {
    const tables = stack('data').resources('aws_dynamodb_table');
    expect(tables).toContainEqual(expect.objectContaining({ name: 'two-region-api-dev-old-table', hash_key: 'id' }));
    const documents = JSON.stringify(api.dataSources('aws_iam_policy_document'));
    expect(documents).toContain('/envA/GET/old');
    expect(documents).not.toContain('/envB/GET/old');
  });

  it('records what the items of its tables are, for another release to be held against (B28)', () => {
    const records = without('envA-primary').resources('aws_ssm_parameter');
    const ofEvents = String(records.find(({ name }) => String(name).endsWith('/releases/envA/events'))?.insecure_value);
    const [, encoded = ''] = /"event-log" = \{[^{}]*"item" = base64decode\("([^"]+)"\)/.exec(ofEvents) ?? [];
    const schema: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString());
    expect(schema).toEqual(jsonSchema(event, 'draft-04'));
    expect(ofEvents).not.toMatch(/"preview-event-log" = \{[^{}]*"item"/);
  });

  it('changes nothing of what the environments deploy', () => {
    for (const name of ['envA-primary', 'envB-primary', 'entry-primary', 'routing']) {
      expect(stack(name).json).toBe(without(name).json);
    }
  });

  it('is what the guards of the data and api stacks compare with what is declared', () => {
    const conditions = (name: string) => JSON.stringify(stack(name).dataSources('aws_ssm_parameters_by_path'));
    for (const declared of ['envA', 'old', 'app-dev-bbbbbbbb-primary']) {
      expect(conditions('api-primary')).toContain(`\\"${declared}\\"`);
    }
    expect(conditions('data')).toContain('old-table by id');
  });

  it('keeps indexes, too, beside those that the code adds, and refuses other keys under one name', () => {
    const owner = { partitionKey: 'owner', sortKey: 'id' };
    const runs = (indexes: FunctionRecord['tables'][string]['indexes']) => [
      { environment: 'envA', functions: { old: version('a', { tables: { user: { partitionKey: 'id', indexes } } }) } },
    ];
    const tablesOf = (primary: readonly ReleaseRecord[], indexes: Readonly<Record<string, TableKeys>>) => {
      const declared = { ...tables, user: { partitionKey: 'id', indexes } };
      const app = Testing.app();
      createDataStack(app, context, { primary, secondary: [] }, declared);
      return app.node.children
        .filter((each) => TerraformStack.isStack(each))
        .map((each) => Testing.synth(each))
        .join();
    };
    const data = tablesOf(runs({ 'by-owner': owner }), { 'by-mail': { partitionKey: 'mail' } });
    const declared: Readonly<Record<string, { readonly name: string }>> = JSON.parse(data).resource.aws_dynamodb_table;
    const user = Object.values(declared).find(({ name }) => name === 'two-region-api-dev-user');
    expect(user).toMatchObject({
      attribute: ['id', 'owner', 'mail'].map((name) => ({ name, type: 'S' })),
      global_secondary_index: [
        { name: 'by-owner', hash_key: 'owner', range_key: 'id', projection_type: 'ALL' },
        { name: 'by-mail', hash_key: 'mail', projection_type: 'ALL' },
      ],
    });
    expect(data).toContain('user/by-owner by owner and id');
    expect(() => tablesOf(runs({ 'by-mail': owner }), { 'by-mail': { partitionKey: 'mail' } })).toThrow(
      'The table user/by-mail is found by owner and id in what envA runs, and by mail in the code.',
    );
  });

  it('has other keys for a table than the code: refused, with the way to go', async () => {
    const functions = { test: version('bbbbbbbb', { tables: { user: { partitionKey: 'email' } } }) };
    const records = { primary: [{ environment: 'envB', functions }], secondary: [] };
    await expect(synthesizeStage('dev', {}, records)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/The table user is found by email in what envB runs, and by id in the code/),
    });
  });
});

describe('a release record (B12)', () => {
  const path = '/two-region-api/dev/releases';

  it('is read out of a parameter per function', () => {
    const parameters = new Map(
      Object.entries(record.functions).map(([name, value]) => [`${path}/envA/${name}`, JSON.stringify(value)]),
    );
    expect(parseRecords(context, parameters)).toEqual([record]);
    expect(parseRecords(context, new Map())).toEqual([]);
  });

  it('that is none is refused by name', () => {
    const parameters = new Map([
      [`${path}/envA/test`, 'nonsense'],
      [`${path}/envB/user`, '{"version":"1"}'],
    ]);
    expect(() => parseRecords(context, parameters)).toThrow(
      /releases\/envA\/test: .+releases\/envB\/user: .+Apply the stack/s,
    );
  });
});

describe("the name of a function's role (B12)", () => {
  it('holds the hash of its permissions, and never exceeds 64 characters', () => {
    const region = { ...context, regionType: 'secondary', region: 'eu-west-1' } as const;
    expect(functionRoleName(region, 'user', '1a2b3c4d')).toBe('two-region-api-dev-user-1a2b3c4d-secondary');
    const long = functionRoleName(region, 'a-function-with-a-name-that-goes-on-and-on', '1a2b3c4d');
    expect(long).toHaveLength(64);
    expect(long).toMatch(/-1a2b3c4d-secondary$/);
  });

  it('fits the pattern by which policies name it (B29)', () => {
    for (const name of ['user', 'a-function-with-a-name-', 'a-function-with-a-name-that-goes-on-and-on']) {
      const pattern = functionRolePattern(context, name);
      for (const regionType of ['primary', 'secondary'] as const) {
        const region = { ...context, regionType, region: 'eu-west-1' };
        expect(matchesGlob(functionRoleName(region, name, '1a2b3c4d'), pattern), name).toBe(true);
      }
    }
  });
});
