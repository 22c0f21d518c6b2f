/** What is kept between runs cannot be used. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly exitCode = 2;
}

/** @param line - counted from 1 */
export function damaged(file: string, line: number): DataError {
  return new DataError(
    `${file} is damaged: line ${line} is not what was written. Nothing of it is served. ` +
      'Put a copy of the file back, or start anew: two-region local reset --data <the folder> deletes what is kept there.',
  );
}
