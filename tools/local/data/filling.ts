/** Things that are about to be written into one service of one region. */
export interface Filling {
  /** What keeps them from being written, each with what it is about. */
  readonly problems: readonly string[];
  /** Writes all of them, as clients would. */
  readonly write: () => Promise<void>;
}

/**
 * The name that is meant by its end: `user` is `app-dev-user`, not `app-dev-preview-user`.
 *
 * @returns undefined where there is none
 */
export function nameEnding(names: readonly string[], given: string): string | undefined {
  const ending = names.filter((name) => name.endsWith(`-${given}`));
  return names.find((name) => name === given) ?? ending.sort((one, other) => one.length - other.length)[0];
}
