/** A call that cannot be made as it was asked for. */
export class CallError extends Error {
  override readonly name = 'CallError';
}
