// @ts-check
import { types } from 'node:util';

/** An error of the runtime itself; its type is `Runtime.<name>`. */
export class RuntimeError extends Error {
  /**
   * @param {string} name
   * @param {string} message
   * @param {string} [stack] of the error that caused it
   */
  constructor(name, message, stack) {
    super(message);
    this.name = `Runtime.${name}`;
    if (stack !== undefined) this.stack = stack;
  }
}

/**
 * What Lambda responds for something thrown ("Lambda function errors in Node.js", Lambda Developer Guide): anything may be thrown, even what
 * fails when its fields are read.
 *
 * @param {unknown} thrown
 * @returns {{ errorType: string, errorMessage: string, trace: string[] }}
 */
export function lambdaError(thrown) {
  try {
    if (types.isNativeError(thrown) || thrown instanceof Error) {
      const { name, message, stack } = thrown;
      return { errorType: String(name), errorMessage: String(message), trace: stack ? String(stack).split('\n') : [] };
    }
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage: 'What the handler threw fails when its name, message or stack is read.',
      trace: [],
    };
  }
}
