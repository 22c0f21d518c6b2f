/** What stands where the state or its locks should be kept can't be used, and isn't changed. */
export class StateStorageError extends Error {
  override readonly name = 'StateStorageError';
}
