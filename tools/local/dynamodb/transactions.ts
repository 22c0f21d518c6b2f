import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import type { JsonCall, JsonInput } from '#local/aws-endpoint/json-protocol.ts';
import type { TableStore } from '#local/dynamodb/store/table-store.ts';
import { checkInput, execute, isItem, itemKey } from './execute.ts';
import { DELETE, GET, type Operation, PUT, type ResourcesOf, UPDATE } from './operations.ts';
import { TransactionTokens } from './transaction-tokens.ts';

/** Actions in one transaction (DynamoDB Developer Guide, "Quotas"). */
const MAX_ACTIONS = 100;

/** A condition alone: what a delete with it checks, without the delete. */
const CHECK: Operation = {
  rules: DELETE.rules,
  act: (store, input, callback) => store.discarding(() => DELETE.act(store, input, callback)),
};

/** Member of a transaction's action → what runs, and the IAM action that it needs. */
const WRITES = {
  ConditionCheck: { operation: CHECK, action: 'ConditionCheckItem' },
  Delete: { operation: DELETE, action: 'DeleteItem' },
  Put: { operation: PUT, action: 'PutItem' },
  Update: { operation: UPDATE, action: 'UpdateItem' },
} as const;
const READS = { Get: { operation: GET, action: 'GetItem' } } as const;

type Kinds = Readonly<Record<string, { readonly operation: Operation; readonly action: string }>>;

const TRANSACTION = z.object({
  TransactItems: z
    .array(z.record(z.string(), z.unknown()))
    .min(1, 'Member must have length greater than or equal to 1')
    .max(MAX_ACTIONS, `Member must have length less than or equal to ${MAX_ACTIONS}`),
  ReturnConsumedCapacity: z.enum(['INDEXES', 'TOTAL', 'NONE']).default('NONE'),
  ClientRequestToken: z
    .string()
    .min(1, 'Member must have length greater than or equal to 1')
    .max(36, 'Member must have length less than or equal to 36')
    .optional(),
});

interface Action {
  readonly operation: Operation;
  readonly action: string;
  readonly input: Dynalite.Item;
}

/** Operations that work on several items at once or on none (DynamoDB API Reference). */
export function transactions(
  resourcesOf: ResourcesOf,
  store: TableStore,
): ReadonlyMap<string, (input: JsonInput) => JsonCall> {
  const tokens = new TransactionTokens();
  const prepare = (input: JsonInput, kinds: Kinds) => {
    const given = readTransaction(input);
    const { ReturnConsumedCapacity } = given;
    const actions = given.TransactItems.map((item) => readAction(store, item, kinds, ReturnConsumedCapacity));
    const grants = actions.map(({ action, input: of }) => ({ action, resource: resourcesOf(of)[0] ?? '*' }));
    return { actions, token: given.ClientRequestToken, grants: unique(grants) };
  };
  return new Map([
    [
      'TransactGetItems',
      (input: JsonInput): JsonCall => {
        const { actions, grants } = prepare(input, READS);
        return { resources: [], grants, run: () => transactGet(store, actions) };
      },
    ],
    [
      'TransactWriteItems',
      (input: JsonInput): JsonCall => {
        const { actions, grants, token } = prepare(input, WRITES);
        const digest = createHash('sha256').update(JSON.stringify(input)).digest('base64');
        const run = () => tokens.once(token, digest, () => transactWrite(store, actions));
        return { resources: [], grants, run };
      },
    ],
  ]);
}

function transactGet(store: TableStore, actions: readonly Action[]) {
  const outcomes = attempt(store, actions);
  const Responses = outcomes.map(({ output }) => (isItem(output) && output.Item ? { Item: output.Item } : {}));
  return { Responses, ...consumed(outcomes) };
}

/** All of them happen, or none. */
function transactWrite(store: TableStore, actions: readonly Action[]) {
  return store.atomically(() => {
    requireDistinctItems(store, actions);
    return consumed(attempt(store, actions));
  });
}

interface Outcome {
  readonly output: unknown;
  readonly error?: AwsError;
}

/** @throws AwsError `TransactionCanceledException` with a reason for each action */
function attempt(store: TableStore, actions: readonly Action[]): readonly Outcome[] {
  const outcomes = actions.map(({ operation, input }): Outcome => {
    try {
      return { output: execute(operation, store, input) };
    } catch (error) {
      if (!(error instanceof AwsError) || error.code === 'ResourceNotFoundException') throw error;
      return { output: undefined, error };
    }
  });
  const reasons = outcomes.map(({ error }) => toReason(error));
  if (reasons.every(({ Code }) => Code === 'None')) return outcomes;
  const codes = reasons.map(({ Code }) => Code).join(', ');
  throw new AwsError(
    400,
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

/** Source: DynamoDB API Reference, "TransactWriteItems", errors. */
function toReason(error: AwsError | undefined): { readonly Code: string } {
  if (!error) return { Code: 'None' };
  const Code = error.code.replace(/Exception$/, '').replace(/^Validation$/, 'ValidationError');
  return { Code, ...{ Message: error.message }, ...error.details };
}

function readTransaction(input: JsonInput): z.infer<typeof TRANSACTION> {
  const result = TRANSACTION.safeParse(input);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(({ path, message }) => {
    const at = String(path[0] ?? '').replace(/^./, (letter) => letter.toLowerCase());
    return `Value at '${at}' failed to satisfy constraint: ${message}`;
  });
  const count = `${mistakes.length} validation error${mistakes.length > 1 ? 's' : ''} detected`;
  throw invalid(`${count}: ${mistakes.join('; ')}`);
}

function readAction(store: TableStore, item: Dynalite.Item, kinds: Kinds, capacity: string): Action {
  const given = Object.entries(item).filter(([, value]) => value !== null && value !== undefined);
  const [kind, input] = given[0] ?? [];
  const known = kind === undefined || !Object.hasOwn(kinds, kind) ? undefined : kinds[kind];
  if (!known || given.length !== 1 || !isItem(input)) {
    throw invalid(`TransactItems can only contain one of ${Object.keys(kinds).join(', ')}`);
  }
  if (kind === 'ConditionCheck' && typeof input.ConditionExpression !== 'string') {
    throw invalid(
      "1 validation error detected: Value null at 'conditionExpression' failed to satisfy constraint: Member must not be null",
    );
  }
  const { operation, action } = known;
  const isRead = kind === 'Get';
  const full = { ...input, ReturnConsumedCapacity: capacity, ...(isRead && { ConsistentRead: true }) };
  return { operation, action, input: checkInput(operation, store, full) };
}

/** @throws AwsError `ValidationException` when two actions are for one item */
function requireDistinctItems(store: TableStore, actions: readonly Action[]): void {
  const items = actions.flatMap(({ input }) => {
    const key = itemKey(store, input);
    return key === undefined ? [] : [`${input.TableName}/${key}`];
  });
  if (new Set(items).size === items.length) return;
  throw invalid('Transaction request cannot include multiple operations on one item');
}

/** Each table's capacity, twice what the actions alone take (DynamoDB Developer Guide, "Capacity management for transactions"). */
function consumed(outcomes: readonly Outcome[]) {
  const units = new Map<string, number>();
  for (const { output } of outcomes) {
    const capacity = CAPACITY.safeParse(output).data?.ConsumedCapacity;
    if (capacity) units.set(capacity.TableName, (units.get(capacity.TableName) ?? 0) + 2 * capacity.CapacityUnits);
  }
  if (units.size === 0) return {};
  return { ConsumedCapacity: [...units].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits })) };
}

const CAPACITY = z.object({
  ConsumedCapacity: z.object({ TableName: z.string(), CapacityUnits: z.number() }).optional(),
});

const unique = <Value>(values: readonly Value[]): readonly Value[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
];

const invalid = (message: string): AwsError => new AwsError(400, 'ValidationException', message);
