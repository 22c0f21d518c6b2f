import type { JsonInput } from '#local/aws-endpoint/json-protocol.ts';
import { isItem } from './execute.ts';

/** A request whose tables go by their names. */
interface NamedInput {
  readonly input: JsonInput;
  /** Gives a response the names that the request had. */
  readonly restore: (output: unknown) => unknown;
}

/**
 * Takes a table's ARN wherever its name may stand: `TableName`, the keys of `RequestItems`, the operations of a transaction.
 *
 * Source: DynamoDB API Reference, "TableName": the ARN may be given instead of the name.
 *
 * @param region - ARNs of other regions stay as they are, and are no names
 */
export function namedTables(region: string, input: JsonInput): NamedInput {
  const nameOf = (text: string) =>
    new RegExp(`^arn:aws[a-z-]*:dynamodb:${region}:\\d{12}:table/([\\w.-]+)$`).exec(text)?.[1];
  const given = new Map<string, string>();
  const rename = (text: string): string => {
    const name = nameOf(text);
    if (name !== undefined) given.set(name, text);
    return name ?? text;
  };
  return {
    input: renamed(input, rename),
    restore: (output) => (given.size === 0 ? output : restored(output, given)),
  };
}

function renamed(input: JsonInput, rename: (text: string) => string): JsonInput {
  const { TableName, RequestItems, TransactItems } = input;
  return {
    ...input,
    ...(typeof TableName === 'string' && { TableName: rename(TableName) }),
    ...(isItem(RequestItems) && { RequestItems: mapKeys(RequestItems, rename) }),
    ...(Array.isArray(TransactItems) && {
      TransactItems: TransactItems.map((each: unknown) =>
        isItem(each)
          ? Object.fromEntries(Object.entries(each).map(([kind, of]) => [kind, isItem(of) ? renamed(of, rename) : of]))
          : each,
      ),
    }),
  };
}

/** The parts of a response that go by the table's name. */
const BY_TABLE = ['Responses', 'UnprocessedItems', 'UnprocessedKeys'];

function restored(output: unknown, given: ReadonlyMap<string, string>): unknown {
  if (!isItem(output)) return output;
  const entries = Object.entries(output).map(([name, value]) => {
    if (!BY_TABLE.includes(name) || !isItem(value)) return [name, value];
    return [name, mapKeys(value, (table) => given.get(table) ?? table)];
  });
  return Object.fromEntries(entries);
}

const mapKeys = (map: Dynalite.Item, rename: (key: string) => string): Dynalite.Item =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [rename(key), value]));
