import validations from 'dynalite/validations/index.js';
import { errorReason } from '#functions/error-reason.ts';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import { type JsonInput, malformed } from '#local/aws-endpoint/json-protocol.ts';
import type { Operation } from './operations.ts';
import type { TableStore } from './table-store.ts';

/**
 * Checks an operation's input.
 *
 * @returns a copy that holds what the operation knows, expressions parsed
 * @throws AwsError `SerializationException`, `ValidationException`
 */
export function checkInput({ rules }: Operation, store: TableStore, input: JsonInput): Dynalite.Item {
  try {
    const checked = validations.checkTypes({ ...input }, rules.types);
    validations.checkValidations(checked, rules.types, rules.custom, store);
    return checked;
  } catch (error) {
    // dynalite's checks also stumble over what they didn't expect, such as nesting too deep for the stack: the input's fault all the same.
    const cause = errorReason(error);
    throw toAwsError(error) ?? malformed(`The request is not what this operation takes: ${cause}`);
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
  if (outcome.error) throw toAwsError(outcome.error) ?? outcome.error;
  return outcome.output;
}

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
