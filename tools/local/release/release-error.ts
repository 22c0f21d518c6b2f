/** A release that was not made; nothing has changed. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
  /**
   * @param reason - `unknown`: there is no such environment; `invalid`: nothing can be served of what was synthesized; `unavailable`: a region has
   * failed, or another release is being made
   */
  constructor(
    readonly reason: 'invalid' | 'unavailable' | 'unknown',
    message: string,
  ) {
    super(message);
  }
}
