import type { TableStore } from '#local/dynamodb/store/table-store.ts';
import type { Operation } from './operations.ts';

/**
 * A Query or Scan of a local secondary index answers the attributes that the index projects, unless it is asked for others: those DynamoDB fetches
 * from the table. dynalite reads whole items here, so the others are taken away.
 */
export function projectLocalIndex(act: Dynalite.Action): Operation['act'] {
  return (store, input, callback) => {
    const names = projectedNames(store, input);
    act(store, input, (error, output) => {
      if (error || !names || !hasItems(output)) callback(error, output);
      else callback(null, { ...output, Items: output.Items.map((item) => pick(item, names)) });
    });
  };
}

function projectedNames(store: TableStore, input: Dynalite.Item): ReadonlySet<string> | undefined {
  const asksForOthers = input.Select === 'ALL_ATTRIBUTES' || '_projection' in input || 'AttributesToGet' in input;
  if (typeof input.TableName !== 'string' || typeof input.IndexName !== 'string' || asksForOthers) return undefined;
  const { KeySchema, LocalSecondaryIndexes = [] } = store.describe(input.TableName);
  const index = LocalSecondaryIndexes.find(({ IndexName }) => IndexName === input.IndexName);
  if (!index || index.Projection.ProjectionType === 'ALL') return undefined;
  const keys = [...KeySchema, ...index.KeySchema].map(({ AttributeName }) => AttributeName);
  return new Set([...keys, ...(index.Projection.NonKeyAttributes ?? [])]);
}

function pick(item: Dynalite.Item, names: ReadonlySet<string>): Dynalite.Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

const hasItems = (output: unknown): output is { readonly Items: readonly Dynalite.Item[] } =>
  typeof output === 'object' && output !== null && 'Items' in output && Array.isArray(output.Items);
