/** The command was asked for something that it doesn't do; nothing was changed. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
