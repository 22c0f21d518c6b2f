/** A template or expression that cannot be parsed or evaluated; the message says what was got and what is allowed. */
export class ExpressionError extends Error {
  override readonly name: string = 'ExpressionError';
}

/** A name that nothing declares: a plan refuses it wherever it stands, in `try`, `can` and a side that is not chosen too. */
export class UndeclaredError extends ExpressionError {}

/** Whether `try`, `can` and a side of a conditional that is not chosen may fail in this way. */
export function isTolerable(error: unknown): error is AddressedError | ExpressionError {
  if (error instanceof UndeclaredError) return false;
  return error instanceof ExpressionError || error instanceof AddressedError;
}

/** A value is needed that only AWS could tell; what needs it cannot be told either. */
export class UnknownValueError extends ExpressionError {
  /** Where the value comes from. */
  readonly path: string;

  constructor(path: string) {
    super(`needs (${path}: known after apply)`);
    this.path = path;
  }
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
    if (error instanceof UnknownValueError) throw error;
    if (error instanceof ExpressionError) throw new ExpressionError(`${name}: ${error.message}`);
    throw error;
  }
}
