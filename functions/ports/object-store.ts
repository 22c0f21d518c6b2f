/** A bucket of objects. */
export interface ObjectStore {
  /**
   * Asks the bucket whether it answers.
   *
   * @param signal - ends the attempt early
   * @throws when the bucket can't be reached, doesn't exist or refuses access
   */
  check(signal?: AbortSignal): Promise<void>;

  /** Writes a JSON object in place of the one under the same key. */
  putJson(key: string, value: Readonly<Record<string, unknown>>): Promise<void>;
}
