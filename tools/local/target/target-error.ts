/** A target that cannot be changed as it was asked for; nothing has changed. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  /**
   * @param reason - `unknown`: there is no such part; `invalid`: it can't lead to that environment; `unavailable`: its region has failed
   */
  constructor(
    readonly reason: 'invalid' | 'unavailable' | 'unknown',
    message: string,
  ) {
    super(message);
  }
}
