import type { IntegrationResult } from './integration-responses.ts';
import type { Invocation } from './lambda-invocation.ts';

/** As Lambda's Invoke answers: the function's value, or a description of its error, which selection patterns see. */
export function toIntegrationResult({ result }: Invocation): IntegrationResult {
  if (result.ok) {
    return { body: JSON.stringify(result.payload) ?? 'null', selection: errorMessageOf(result.payload) };
  }
  const error = describeError(result);
  return { body: JSON.stringify(error), selection: error.errorMessage };
}

function describeError(result: Exclude<Invocation['result'], { ok: true }>) {
  if (result.kind === 'timeout') return { errorMessage: result.errorMessage, errorType: 'Sandbox.Timedout' };
  if (result.kind === 'crash') return { errorMessage: result.message, errorType: 'Runtime.ExitError' };
  const { errorMessage, errorType, trace } = result;
  return { errorMessage, errorType, ...(trace && { trace }) };
}

function errorMessageOf(payload: unknown): string {
  if (typeof payload !== 'object' || payload === null || !('errorMessage' in payload)) return '';
  return typeof payload.errorMessage === 'string' ? payload.errorMessage : '';
}
