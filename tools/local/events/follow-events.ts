import type { ServerResponse } from 'node:http';
import type { RuntimeEvent, RuntimeLog } from './runtime-log.ts';

/** What a reader who is slower than the log may have before it; further events are left out until it has caught up. */
const MOST_WAITING_BYTES = 8_000_000;

/** Sends the events that match, and each further one as it comes, a line of JSON each, until the client leaves or the runtime ends. */
export function followEvents(
  response: ServerResponse,
  log: RuntimeLog,
  matches: (event: RuntimeEvent) => boolean,
): void {
  let leftOut = 0;
  const send = (event: RuntimeEvent) => response.write(`${JSON.stringify(event)}\n`);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  log.query(matches).forEach(send);
  const end = log.subscribe((event) => {
    if (!matches(event)) return;
    if (response.writableLength > MOST_WAITING_BYTES) leftOut += 1;
    else send(event);
  });
  response.on('drain', () => {
    if (leftOut === 0) return;
    send({ kind: 'warning', time: Date.now(), message: `${leftOut} events were left out: the reader was too slow.` });
    leftOut = 0;
  });
  response.on('close', end);
}
