// @ts-check
import { format } from 'node:util';

// CloudWatch Logs quotas: what is longer is cut.
const MAX_LINE_LENGTH = 262_144;

/**
 * Sends what the function prints to `report`: a console call is one line, what is written to stdout and stderr is split at line ends.
 *
 * @param {(line: string) => void} report
 * @returns {() => void} reports what waits for its line end
 */
export function captureOutput(report) {
  const send = (/** @type {string} */ line) =>
    report(line.length > MAX_LINE_LENGTH ? line.slice(0, MAX_LINE_LENGTH) : line);
  for (const level of /** @type {const} */ (['debug', 'error', 'info', 'log', 'warn'])) {
    console[level] = (...values) => send(format(...values));
  }
  const flushes = [captureStream('stdout', send), captureStream('stderr', send)];
  return () => {
    for (const flush of flushes) flush();
  };
}

/**
 * The stream is patched when it is first asked for: making it costs milliseconds at start.
 *
 * @param {'stderr' | 'stdout'} name
 * @param {(line: string) => void} send
 */
function captureStream(name, send) {
  let rest = '';
  /** @type {NodeJS.WriteStream | undefined} */
  let stream;
  const original = Object.getOwnPropertyDescriptor(process, name);
  /** @type {(chunk: string | Uint8Array, encoding?: unknown, done?: unknown) => boolean} */
  const write = (chunk, encoding, done) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) send(line);
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') process.nextTick(() => callback());
    return true;
  };
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get() {
      if (!stream) {
        stream = /** @type {NodeJS.WriteStream} */ (original?.get?.call(process));
        stream.write = write;
      }
      return stream;
    },
  });
  return () => {
    if (rest === '') return;
    send(rest);
    rest = '';
  };
}
