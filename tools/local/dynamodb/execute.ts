import db from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import { errorReason } from '#functions/error-reason.ts';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import { type JsonInput, malformed } from '#local/aws-endpoint/json-protocol.ts';
import type { TableStore } from '#local/dynamodb/store/table-store.ts';
import type { Operation } from './operations.ts';

/**
 * Checks an operation's input.
 *
 * @returns a copy that holds what the operation knows, expressions parsed
 * @throws AwsError `SerializationException`, `ValidationException`
 */
export function checkInput({ rules }: Operation, store: TableStore, input: JsonInput): Dynalite.Item {
  requireNesting(input);
  requireFlatExpressions(input);
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

/** Lists and maps within each other (DynamoDB Developer Guide, "Quotas", "Nested attribute depth"). */
const MAX_LEVELS = 32;

/**
 * Refuses attribute values that are nested too deep, wherever they stand in a request.
 *
 * @throws AwsError `ValidationException`
 */
function requireNesting(input: unknown): void {
  // With a list of its own instead of recursion: a hostile body may be nested deeper than the stack.
  const open: { readonly value: unknown; readonly level: number }[] = [{ value: input, level: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, level } = next;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, child] of Object.entries(value)) {
      const isNesting = (name === 'L' && Array.isArray(child)) || (name === 'M' && typeof child === 'object');
      if (isNesting && level >= MAX_LEVELS) {
        throw new AwsError(
          400,
          'ValidationException',
          'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
        );
      }
      open.push({ value: child, level: level + (isNesting ? 1 : 0) });
    }
  }
}

/** Parentheses within each other. dynalite's parser takes up to three times as long for each level, and would hold up everybody for minutes. */
const MAX_PARENTHESES = 6;

/**
 * Refuses expressions whose parentheses are nested too deep to be parsed here. Texts stand beside an expression, not in it, so each parenthesis
 * is one.
 *
 * @throws AwsError `ValidationException`
 */
function requireFlatExpressions(input: JsonInput): void {
  for (const [name, expression] of Object.entries(input)) {
    if (!name.endsWith('Expression') || typeof expression !== 'string') continue;
    let level = 0;
    for (const character of expression) {
      if (character === ')') level--;
      if (character === '(' && ++level > MAX_PARENTHESES) {
        throw new AwsError(
          400,
          'ValidationException',
          `Invalid ${name}: parentheses are nested deeper than ${MAX_PARENTHESES} levels, which the local runtime does not serve.`,
        );
      }
    }
  }
}
