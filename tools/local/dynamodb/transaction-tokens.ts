import { AwsError } from '#local/aws-endpoint/aws-error.ts';

/** How long a transaction's token counts (DynamoDB API Reference, "TransactWriteItems", ClientRequestToken). */
const VALID_MILLISECONDS = 10 * 60_000;
const MAX_TOKENS = 10_000;

interface Done {
  readonly digest: string;
  readonly at: number;
  readonly output: unknown;
}

/** Transactions that have happened, by their tokens: one that comes again happens once. */
export class TransactionTokens {
  readonly #done = new Map<string, Done>();

  /**
   * @param token - absent: every time is the first
   * @param digest - of the request
   * @throws AwsError `IdempotentParameterMismatchException` when the token was another request's; what `run` throws
   */
  once(token: string | undefined, digest: string, run: () => unknown): unknown {
    if (token === undefined) return run();
    const before = this.#done.get(token);
    if (before && before.at > Date.now() - VALID_MILLISECONDS) {
      if (before.digest === digest) return before.output;
      throw new AwsError(
        400,
        'IdempotentParameterMismatchException',
        'The provided client token was already used for a request with other parameters.',
      );
    }
    const output = run();
    if (this.#done.size >= MAX_TOKENS) this.#done.clear();
    this.#done.set(token, { digest, at: Date.now(), output });
    return output;
  }
}
