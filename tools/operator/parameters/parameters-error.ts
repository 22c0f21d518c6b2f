/** What a command about parameters was given can't be used. Secret values are not part of the message. */
export class ParametersError extends Error {
  override readonly name = 'ParametersError';
}
