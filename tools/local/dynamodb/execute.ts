import db from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import { errorReason } from '#functions/error-reason.ts';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import { type JsonInput, malformed } from '#local/aws-endpoint/json-protocol.ts';
import { requireNesting } from './nesting.ts';
import type { Operation } from './operations.ts';
import type { TableStore } from './table-store.ts';

/**
 * Checks an operation's input.
 *
 * @returns a copy that holds what the operation knows, expressions parsed
 * @throws AwsError `SerializationException`, `ValidationException`
 */
export function checkInput({ rules }: Operation, store: TableStore, input: JsonInput): Dynalite.Item {
  requireNesting(input);
  try {
    const checked = validations.checkTypes({ ...input }, rules.types);
    validations.checkValidations(checked, rules.types, rules.custom, store);
    return checked;
  } catch (error) {
    // dynalite's checks also stumble over what they didn't expect: the input's fault all the same.
    throw toAwsError(error) ?? malformed(`The request is not what this operation takes: ${errorReason(error)}`);
  }
}

/**
 * Runs an operation to its end.
 *
 * @param input - from {@link checkInput}
 * @throws AwsError for what DynamoDB refuses: `ResourceNotFoundException`, `ConditionalCheckFailedException` …
 */
export function execute({ act }: Operation, store: TableStore, input: Dynalite.Item): unknown {
  let outcome: { readonly error: unknown; readonly output: unknown } | undefined;
  try {
    act(store, input, (error, output) => {
      outcome = { error, output };
    });
    store.flow();
  } finally {
    store.dropStreams();
  }
  if (!outcome) throw new Error('dynalite gave no answer.');
  const { error, output } = outcome;
  if (error) throw withItem(toAwsError(error), store, input) ?? error;
  return output;
}

/** A condition that failed answers with the item, where the request asks for it. */
function withItem(error: AwsError | undefined, store: TableStore, input: Dynalite.Item): AwsError | undefined {
  const isAsked = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  if (!isAsked || error?.code !== 'ConditionalCheckFailedException') return error;
  const item = currentItem(store, input);
  return new AwsError(error.status, error.code, error.message, item && { Item: item });
}

/** The item that a checked write is for, as it stands. */
function currentItem(store: TableStore, input: Dynalite.Item): Dynalite.Item | undefined {
  const key = itemKey(store, input);
  return key === undefined ? undefined : store.getItemDb(String(input.TableName)).read(key);
}

/** How dynalite names the item that a checked write is for; undefined when its key isn't the table's. */
export function itemKey(store: TableStore, { TableName, Key, Item }: Dynalite.Item): string | undefined {
  const table = store.describe(String(TableName));
  const names = table.KeySchema.map(({ AttributeName }) => AttributeName);
  const given = isItem(Item) ? Object.fromEntries(Object.entries(Item).filter(([name]) => names.includes(name))) : Key;
  return isItem(given) && !db.validateKey(given, table) ? db.createKey(given, table) : undefined;
}

export const isItem = (value: unknown): value is Dynalite.Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** dynalite's errors carry their status and the body to answer. */
function toAwsError(error: unknown): AwsError | undefined {
  if (error instanceof AwsError) return error;
  if (!(error instanceof Error) || !('statusCode' in error) || !('body' in error)) return undefined;
  const { statusCode, body } = error;
  if (typeof statusCode !== 'number' || typeof body !== 'object' || body === null) return undefined;
  const type = '__type' in body ? String(body.__type) : 'ValidationException';
  return new AwsError(statusCode, type.slice(type.indexOf('#') + 1), error.message || messageOf(body));
}

function messageOf(body: object): string {
  if ('message' in body) return String(body.message);
  return 'Message' in body ? String(body.Message) : '';
}
