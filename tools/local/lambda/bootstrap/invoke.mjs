// @ts-check
import { RuntimeError } from './errors.mjs';

/** @typedef {(event: unknown, context: unknown, callback: (error?: unknown, result?: unknown) => void) => unknown} Handler */

/** @type {(() => void) | undefined} */
let onEmptyEventLoop;
process.on('beforeExit', () => onEmptyEventLoop?.());

/** @param {(() => void) | undefined} listener - called once nothing is left to wait for; replaces the one before */
export function whenEventLoopEmpties(listener) {
  onEmptyEventLoop = listener;
}

/**
 * Runs a handler of any style: promise, callback, `context.done|fail|succeed`. What a handler without a promise returns is ignored, as Lambda does;
 * a handler that never responds ends with null once its event loop is empty, one that returned a promise with an error.
 *
 * @param {Handler} handler
 * @param {unknown} event
 * @param {(settle: import('./invocation-context.mjs').Settle) => { callbackWaitsForEmptyEventLoop: boolean }} contextFor
 * @returns {Promise<{ result: unknown }>} boxed: a result with a method `then` is data, not a promise to follow
 */
export function runHandler(handler, event, contextFor) {
  return new Promise((resolve, reject) => {
    const succeed = (/** @type {unknown} */ result) => resolve({ result });
    const fail = (/** @type {unknown} */ error) => reject(error ?? 'handled');
    const done = (/** @type {unknown} */ error, /** @type {unknown} */ result) => {
      if (error === undefined || error === null) succeed(result);
      else reject(error);
    };
    const context = contextFor({ done, fail, succeed });
    const callback = (/** @type {unknown} */ error, /** @type {unknown} */ result) => {
      const failed = error !== undefined && error !== null;
      if (failed || !context.callbackWaitsForEmptyEventLoop) done(error, result);
      else whenEventLoopEmpties(() => succeed(result));
    };
    whenEventLoopEmpties(() => succeed(null));
    const returned = handler(event, context, callback);
    if (!isPromise(returned)) return;
    whenEventLoopEmpties(() => reject(new RuntimeError('NodeJsExit', NEVER_SETTLED)));
    returned.then(succeed, fail);
  });
}

const NEVER_SETTLED = 'The handler returned a promise that cannot settle: nothing is left in the event loop.';

/**
 * @param {unknown} value
 * @returns {value is Promise<unknown>}
 */
function isPromise(value) {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
