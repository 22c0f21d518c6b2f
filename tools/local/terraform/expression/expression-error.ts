/** A template or expression that cannot be parsed or evaluated; the message says what was got and what is allowed. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}
