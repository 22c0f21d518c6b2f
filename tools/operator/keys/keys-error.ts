/** Keys are not as they should be in both regions. What was done stays, and no key that was valid is lost by it. */
export class KeysError extends Error {
  override readonly name = 'KeysError';
}
