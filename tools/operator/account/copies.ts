import { DescribeTableCommand, DynamoDBClient, paginateListTables, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { errorReason } from '#functions/error-reason.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { retryWhile } from '#operator/aws/retry.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { tableName } from '#stacks/naming.ts';
import type { Verdict } from './verdict.ts';

/** DynamoDB of both regions. */
interface CopiesPorts {
  readonly primary: DynamoDBClient;
  readonly secondary: DynamoDBClient;
}

function awsCopies(context: StageContext): CopiesPorts {
  const client = (regionType: RegionType) =>
    new DynamoDBClient(clientSettings(accessOf(context), inRegion(context, regionType).region));
  return { primary: client('primary'), secondary: client('secondary') };
}

/**
 * Tables of a stage that nobody may delete in the primary region, and whose copy in the secondary anybody may. Protection is a replica's own,
 * and the provider that is locked has no attribute for it.
 *
 * Source: Amazon DynamoDB Developer Guide, "Best practices for global tables" ("You must enable deletion protection on each replica");
 * terraform-provider-aws 6.9.0, `replica.deletion_protection_enabled`.
 */
async function unprotectedCopies(
  context: StageContext,
  tables: readonly string[],
  ports: CopiesPorts,
): Promise<readonly string[]> {
  const { region } = inRegion(context, 'secondary');
  const found = tables.map(async (TableName) => {
    const { Table: table } = await ports.primary.send(new DescribeTableCommand({ TableName }));
    const isCopied = table?.Replicas?.some(({ RegionName }) => RegionName === region);
    if (!table?.DeletionProtectionEnabled || !isCopied) return [];
    const { Table: copy } = await ports.secondary.send(new DescribeTableCommand({ TableName }));
    return copy?.DeletionProtectionEnabled ? [] : [TableName];
  });
  return (await Promise.all(found)).flat();
}

/** Protects what {@link unprotectedCopies} finds. @returns why that did not work */
export async function protectCopies(context: StageContext, ports = awsCopies(context)): Promise<string | undefined> {
  try {
    const protect = (TableName: string) =>
      // A replica that was made just now may still be updating.
      retryWhile(isInUse, () =>
        ports.secondary.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true })),
      );
    const tables = await tablesOf(context, ports.primary);
    await Promise.all((await unprotectedCopies(context, tables, ports)).map(protect));
    return undefined;
  } catch (error) {
    const { region } = inRegion(context, 'secondary');
    return `The tables are there, and their copies in ${region} are not protected from deletion: ${errorReason(error)}`;
  }
}

function isInUse({ name }: Error): boolean {
  return name === 'ResourceInUseException' || name === 'LimitExceededException';
}

/** What a doctor says of it. */
export async function checkCopies(context: StageContext, ports = awsCopies(context)): Promise<Verdict> {
  const { region } = inRegion(context, 'secondary');
  const tables = await tablesOf(context, ports.primary);
  if (tables.length === 0) return { outcome: 'ok', found: 'there are no tables yet' };
  const open = await unprotectedCopies(context, tables, ports);
  if (open.length === 0)
    return { outcome: 'ok', found: `tables in ${region} are protected as they are in the primary` };
  const found = `${open.join(', ')} may be deleted in ${region}, and not in the primary region`;
  return { outcome: 'warn', found, fix: `two-region deploy ${context.stage} --only data` };
}

/** Names of a stage's tables, without those of another stage whose name goes on where this one's ends. */
async function tablesOf(context: StageContext, client: DynamoDBClient): Promise<readonly string[]> {
  const { stage, settings } = context;
  const own = tableName(context, '');
  const others = settings.stages.filter((other) => other.startsWith(`${stage}-`));
  const foreign = others.map((other) => tableName({ settings, stage: other }, ''));
  const names: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) names.push(...TableNames);
  return names.filter((name) => name.startsWith(own) && !foreign.some((prefix) => name.startsWith(prefix)));
}
