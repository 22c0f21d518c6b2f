/** The client's mistake: answered with 400 and the message, which must be safe to show to anybody. */
export class BadRequestError extends Error {
  override readonly name = 'BadRequestError';
}
