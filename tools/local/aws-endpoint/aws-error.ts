/** An error that an AWS service responds with. */
export class AwsError extends Error {
  override readonly name = 'AwsError';

  /**
   * @param status - HTTP status
   * @param code - the error's name: `ResourceNotFoundException`, `NoSuchKey`
   * @param details - what stands beside the message: `Key`, `ArgumentName`, `CancellationReasons`; undefined ones are left out
   */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** A request whose connection breaks off, with no response. */
export class ConnectionBroken extends Error {
  override readonly name = 'ConnectionBroken';
}

/** What a client hears of a fault of the runtime itself; the fault goes to the log. */
export const internalFailure = (code = 'InternalFailure'): AwsError =>
  new AwsError(500, code, 'The local runtime failed to serve this request; its log says why.');
