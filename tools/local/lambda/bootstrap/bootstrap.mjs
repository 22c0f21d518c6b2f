// @ts-check
/**
 * Entry of an execution environment: loads the function, then runs one invocation after the other. Plain JavaScript, so that the process
 * starts without a compile step. Lines on the channel (file descriptor 3), fields separated by tabs:
 *
 * in: `I requestId traceId invokedFunctionArn event` · `U requestId` (give it back if it has not begun)
 * out: `R` ready · `X error` cannot load · `L requestId time line` · `N requestId time message` a connection refused · `A requestId ms result` · `E requestId ms error` ·
 * `F requestId ms error`: an error that ends the process · `U requestId` given back
 */
import { subscribe } from 'node:diagnostics_channel';
import { openChannel } from './channel.mjs';
import { lambdaError, RuntimeError } from './errors.mjs';
import { createContext, traceHeader } from './invocation-context.mjs';
import { runHandler, whenEventLoopEmpties } from './invoke.mjs';
import { loadHandler } from './load-handler.mjs';
import { captureOutput } from './output.mjs';
import { runningClock } from './running-time.mjs';
import { serializeResult } from './serialize.mjs';

const taskRoot = process.env.LAMBDA_TASK_ROOT ?? process.cwd();
const timeoutMilliseconds = Number(process.argv[2]);
const maxResponseBytes = Number(process.argv[3]);
/** Only where a debugger may come: the URL of the function's source map, or `none`. */
const sourceMapUrl = process.argv[4];
const now = sourceMapUrl === undefined ? Date.now : runningClock();

/** @typedef {{ requestId: string, traceId: string, invokedFunctionArn: string, event: string }} Invocation */

/** @type {Invocation[]} */
const queue = [];
/** @type {import('./invoke.mjs').Handler | undefined} */
let handler;
let running = false;
let ending = false;
/** Set from an invocation's begin until its response. @type {{ requestId: string, begin: number } | undefined} */
let current;
// Output after the response still belongs to the invocation that caused it.
let lastRequestId = '';

const channel = openChannel((line) => {
  const [kind = '', requestId = '', traceId = '', invokedFunctionArn = ''] = line.split('\t', 4);
  if (kind === 'U') return giveBack(requestId);
  const event = line.slice(kind.length + requestId.length + traceId.length + invokedFunctionArn.length + 4);
  queue.push({ requestId, traceId, invokedFunctionArn, event });
  if (!running && handler) void drain(handler);
});

const flushOutput = captureOutput((line) => {
  channel.send(`L\t${lastRequestId}\t${Date.now()}\t${JSON.stringify(line)}`);
});

subscribe('two-region.connection-refused', (refused) => {
  const { message } = /** @type {{ message: string }} */ (refused);
  channel.send(`N\t${lastRequestId}\t${Date.now()}\t${JSON.stringify(message)}`);
});

// Ctrl-C reaches the whole process group; the runtime ends its environments itself.
process.on('SIGINT', () => {});
process.on('uncaughtException', (error) => endWith(129, error));
process.on('unhandledRejection', (reason) => {
  const stack = reason instanceof Error ? reason.stack : undefined;
  endWith(128, new RuntimeError('UnhandledPromiseRejection', String(reason), stack));
});

/** @param {string} requestId */
function giveBack(requestId) {
  const index = queue.findIndex((invocation) => invocation.requestId === requestId);
  if (index < 0) return;
  queue.splice(index, 1);
  channel.send(`U\t${requestId}`);
}

/**
 * Responds to what runs with the error and ends the process.
 *
 * @param {number} exitCode
 * @param {unknown} error
 */
function endWith(exitCode, error) {
  if (ending) return;
  ending = true;
  flushOutput();
  if (current) sendError('F', current, error);
  else channel.send(`L\t${lastRequestId}\t${Date.now()}\t${JSON.stringify(JSON.stringify(lambdaError(error)))}`);
  channel.end(() => process.exit(exitCode));
}

/**
 * @param {'E' | 'F'} kind
 * @param {{ requestId: string, begin: number }} invocation
 * @param {unknown} error
 */
function sendError(kind, { requestId, begin }, error) {
  return channel.send(`${kind}\t${requestId}\t${elapsed(begin)}\t${JSON.stringify(lambdaError(error))}`);
}

/** @param {number} begin */
function elapsed(begin) {
  return (performance.now() - begin).toFixed(3);
}

/**
 * Runs what is queued. Each response is written before the next invocation begins: when the process dies, the oldest unanswered invocation is
 * the one that it died of.
 *
 * @param {import('./invoke.mjs').Handler} run
 */
async function drain(run) {
  running = true;
  channel.unref();
  for (let next = queue.shift(); next && !ending; next = queue.shift()) {
    const { requestId, traceId, invokedFunctionArn } = next;
    const invocation = { requestId, begin: performance.now() };
    current = invocation;
    lastRequestId = requestId;
    let written;
    try {
      const event = JSON.parse(next.event);
      process.env._X_AMZN_TRACE_ID = traceHeader(requestId, traceId);
      const { result } = await runHandler(run, event, (settle) =>
        createContext({ requestId, invokedFunctionArn, now, deadline: now() + timeoutMilliseconds, settle }),
      );
      if (ending) return;
      const body = serializeResult(result, maxResponseBytes);
      flushOutput();
      written = channel.send(`A\t${requestId}\t${elapsed(invocation.begin)}\t${body}`);
    } catch (error) {
      if (ending) return;
      flushOutput();
      written = sendError('E', invocation, error);
    }
    current = undefined;
    whenEventLoopEmpties(undefined);
    if (!written) await channel.drained();
  }
  running = false;
  channel.ref();
}

try {
  handler = await loadHandler(taskRoot, process.env._HANDLER ?? '', sourceMapUrl);
  flushOutput();
  channel.send('R');
} catch (error) {
  ending = true;
  flushOutput();
  channel.send(`X\t${JSON.stringify(lambdaError(error))}`);
  channel.end(() => process.exit(1));
}
