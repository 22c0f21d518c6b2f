import type { Readable } from 'node:stream';

/** Calls `onLine` for each line of UTF-8 text, without its end; at the end of the stream for what is left. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  stream.setEncoding('utf8');
  let rest = '';
  stream.on('data', (chunk: string) => {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      const line = rest + chunk.slice(start, end);
      rest = '';
      start = end + 1;
      onLine(line);
    }
    rest += chunk.slice(start);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
