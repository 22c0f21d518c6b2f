import { request } from 'node:http';
import { afterRunning } from '#local/debug/running-time.ts';

/** Where a probe goes and how long it waits. */
export interface Probe {
  readonly host: string;
  readonly port: number;
  /** Path and query. */
  readonly path: string;
  /** The `Host` header: the health check's domain name. */
  readonly hostHeader: string;
  readonly connectMilliseconds: number;
  /** From the moment that the connection stands. */
  readonly answerMilliseconds: number;
  /** Must stand in the first 5,120 bytes of the body. */
  readonly searchString?: string;
}

/** What one probe saw; `reason` reads like the status that Route 53 shows for a checker. */
export interface Observation {
  readonly success: boolean;
  readonly reason: string;
}

/** Source: Route 53 Developer Guide, "HTTP and HTTPS health checks with string matching". */
const SEARCHED_BYTES = 5120;

/**
 * Asks an endpoint once, on a connection of its own. Success is a status of 200 to 399 in time and, where a text is searched for, that text.
 *
 * Source: Route 53 Developer Guide, "How Route 53 determines whether a health check is healthy".
 *
 * @param signal - ends the probe early, as a failure
 * @returns never rejects: whatever goes wrong is the observation
 */
export function probe(target: Probe, signal?: AbortSignal): Promise<Observation> {
  return new Promise((resolve) => {
    let endDeadline = () => {};
    const settle = (success: boolean, reason: string) => {
      endDeadline();
      resolve({ success, reason });
      asked.destroy();
    };
    const within = (milliseconds: number, reason: string) => {
      endDeadline();
      endDeadline = afterRunning(milliseconds, () => settle(false, reason));
    };
    const asked = request({
      host: target.host,
      port: target.port,
      path: target.path,
      headers: { host: target.hostHeader, 'user-agent': 'Amazon-Route53-Health-Check-Service (local)' },
      agent: false,
      signal,
    });
    within(target.connectMilliseconds, `no TCP connection within ${target.connectMilliseconds} ms`);
    asked.once('socket', (socket) =>
      socket.once('connect', () =>
        within(target.answerMilliseconds, `connected, but no answer within ${target.answerMilliseconds} ms`),
      ),
    );
    asked.once('response', (response) => {
      const { statusCode = 0 } = response;
      const { searchString } = target;
      const status = `HTTP status ${statusCode}`;
      if (statusCode < 200 || statusCode >= 400) settle(false, status);
      else if (searchString === undefined) settle(true, status);
      else {
        const chunks: Buffer[] = [];
        const search = () => Buffer.concat(chunks).subarray(0, SEARCHED_BYTES).includes(searchString);
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          if (search()) settle(true, `${status}, found in the response: ${searchString}`);
        });
        response.once('end', () => settle(false, `${status}, but not in the response: ${searchString}`));
      }
    });
    asked.on('error', (error) => settle(false, `no answer: ${error.message}`));
    asked.end();
  });
}
