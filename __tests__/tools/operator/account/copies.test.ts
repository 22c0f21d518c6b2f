import { DescribeTableCommand, DynamoDBClient, ListTablesCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { checkCopies, protectCopies } from '#operator/account/copies.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const Replicas = [{ RegionName: context.settings.secondaryRegion }];

/** Tables of the primary region, and the names of those whose copies are protected. */
function account(tables: Readonly<Record<string, { protected: boolean; copied?: boolean }>>, safe: readonly string[]) {
  const ports = { primary: new DynamoDBClient({}), secondary: new DynamoDBClient({}) };
  const [primary, secondary] = [mockClient(ports.primary), mockClient(ports.secondary)];
  primary.on(ListTablesCommand).resolves({ TableNames: Object.keys(tables) });
  for (const [TableName, { protected: DeletionProtectionEnabled, copied = true }] of Object.entries(tables)) {
    const Table = { DeletionProtectionEnabled, ...(copied && { Replicas }) };
    primary.on(DescribeTableCommand, { TableName }).resolves({ Table });
    const copy = { DeletionProtectionEnabled: safe.includes(TableName) };
    secondary.on(DescribeTableCommand, { TableName }).resolves({ Table: copy });
  }
  const updates = () => secondary.commandCalls(UpdateTableCommand).map(({ args: [{ input }] }) => input);
  const lists = () => primary.commandCalls(ListTablesCommand).length;
  return { ports, secondary, updates, lists };
}

describe('copies of tables (B29)', () => {
  it('are protected from deletion as the tables are, and what is right is left alone', async () => {
    const { ports, updates, lists } = account(
      {
        'two-region-api-dev-user': { protected: true },
        'two-region-api-dev-table-a': { protected: true },
        'two-region-api-dev-open': { protected: false },
        'two-region-api-dev-alone': { protected: true, copied: false },
        'two-region-api-prod-user': { protected: true },
        'of-another-team': { protected: true },
      },
      ['two-region-api-dev-table-a'],
    );
    expect(await checkCopies(context, ports)).toEqual({
      outcome: 'warn',
      found: 'two-region-api-dev-user may be deleted in eu-west-1, and not in the primary region',
      fix: 'two-region deploy dev --only data',
    });
    expect(lists()).toBe(1);
    expect(await protectCopies(context, ports)).toBeUndefined();
    expect(updates()).toEqual([{ TableName: 'two-region-api-dev-user', DeletionProtectionEnabled: true }]);
  });

  it('of a stage whose name begins with this one are not touched', async () => {
    const settings = { ...context.settings, stages: ['dev', 'dev-two'] };
    const { ports } = account({ 'two-region-api-dev-two-user': { protected: true } }, []);
    expect(await checkCopies({ ...context, settings }, ports)).toEqual({
      outcome: 'ok',
      found: 'there are no tables yet',
    });
  });

  it('that cannot be protected are said, with what AWS says', async () => {
    const { ports, secondary } = account({ 'two-region-api-dev-user': { protected: true } }, []);
    secondary.on(UpdateTableCommand).rejects(new Error('not authorized to perform dynamodb:UpdateTable'));
    expect(await protectCopies(context, ports)).toMatch(
      /copies in eu-west-1 are not protected from deletion: not authorized/,
    );
  });
});
