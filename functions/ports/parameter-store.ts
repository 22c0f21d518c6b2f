/** Parameters by name. */
export interface ParameterStore {
  /**
   * Reads a parameter's value.
   *
   * @param name - full path
   * @throws when it can't be read or doesn't exist
   */
  read(name: string): Promise<string>;
}
