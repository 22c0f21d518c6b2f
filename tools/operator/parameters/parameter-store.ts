/** The parameters of one stage in one region. Names are those of the catalogue, without `/APP_NAME/stage/`. */
export interface ParameterStore {
  /** AWS region, for messages. */
  readonly region: string;
  /** Every parameter under the stage's path, decrypted. */
  readAll(): Promise<ReadonlyMap<string, string>>;
  /** Sets a SecureString. @throws an error that does not hold the value */
  write(name: string, value: string, description: string): Promise<void>;
}

/** Parameters are set in the primary region and mirrored to the secondary, so that each region stands alone. */
export interface ParameterStores {
  readonly primary: ParameterStore;
  readonly secondary: ParameterStore;
}
