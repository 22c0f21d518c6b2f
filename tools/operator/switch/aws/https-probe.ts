import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Probe } from '#operator/switch/preflight/answering-environment.ts';

/** API Gateway gives up after 29 s; a health route that takes longer than this is not healthy. */
const LONGEST_ANSWER_MILLISECONDS = 10_000;

/**
 * Asks over HTTPS, each time on a connection of its own, so that every answer is one of now. Other than Route 53's checkers it validates the
 * certificate, as clients do.
 */
export const httpsProbe: Probe = ({ host, path, signal }) =>
  new Promise((resolve, reject) => {
    const timeout = AbortSignal.timeout(LONGEST_ANSWER_MILLISECONDS);
    const asked = request({
      host,
      path,
      agent: false,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    asked.once('error', reject);
    asked.once('response', (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    asked.end();
  });
