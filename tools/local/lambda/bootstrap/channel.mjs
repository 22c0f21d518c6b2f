// @ts-check
import { once } from 'node:events';
import { Socket } from 'node:net';

/**
 * The line channel to the runtime on file descriptor 3. The process ends with it: nothing may outlive the runtime.
 *
 * @param {(line: string) => void} onLine
 */
export function openChannel(onLine) {
  const socket = new Socket({ fd: 3, readable: true, writable: true });
  socket.setEncoding('utf8');
  let rest = '';
  socket.on('data', (/** @type {string} */ chunk) => {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      const line = rest + chunk.slice(start, end);
      rest = '';
      start = end + 1;
      onLine(line);
    }
    rest += chunk.slice(start);
  });
  socket.on('error', () => process.exit(1));
  socket.on('close', () => process.exit(0));
  return {
    /** @param {string} line @returns {boolean} false when the line is still being written: wait for `drained` */
    send: (line) => socket.write(`${line}\n`),
    drained: () => once(socket, 'drain'),
    /** @param {() => void} done */
    end: (done) => {
      socket.removeAllListeners('close');
      socket.end(done);
    },
    ref: () => socket.ref(),
    unref: () => socket.unref(),
  };
}
