/** A template or expression that cannot be parsed or evaluated; the message says what was got and what is allowed. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

/** A failure that says where: stack and address. */
export class AddressedError extends Error {
  override readonly name = 'AddressedError';

  constructor(stack: string, address: string, message: string) {
    super(`${stack}: ${address}: ${message}`);
  }
}

/** Every failure of an evaluation. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
  readonly failures: readonly string[];

  constructor(failures: readonly string[]) {
    super(`The synthesized Terraform cannot be evaluated:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
    this.failures = failures;
  }
}

/** Runs a step and puts a name before the message of what it throws: `environment: variables: …`. */
export function within<T>(name: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof ExpressionError) throw new ExpressionError(`${name}: ${error.message}`);
    throw error;
  }
}
