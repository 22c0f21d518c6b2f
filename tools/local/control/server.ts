import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { errorReason } from '#functions/error-reason.ts';
import { matcherOf, readEventQuery } from '#local/events/event-query.ts';
import { followEvents } from '#local/events/follow-events.ts';
import { listen, type Service } from '#local/http/listen.ts';

import { type Answer, answer, type Controlled, refusal } from './routes.ts';
import { claimStateFile } from './state-file.ts';

/** What the paths of requests are resolved against. */
const BASE = 'http://control';

export interface ControlOptions extends Controlled {
  /** Folder that gets `.two-region/local.json`. */
  readonly directory: string;
}

/**
 * Starts the control endpoint on a free port of the loopback address and says where it is in the state file. Each request needs the file's
 * token (`Authorization: Bearer …`): a web page can reach the port, but not read the file.
 *
 * @throws RuntimeRunningError if a runtime runs in the folder
 */
export async function startControl(options: ControlOptions): Promise<Service> {
  const { controls, directory } = options;
  const token = randomBytes(32).toString('hex');
  const expected = Buffer.from(`Bearer ${token}`);
  const server = createServer(async (request, response) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    const allowed = given.length === expected.length && timingSafeEqual(given, expected);
    if (!allowed) {
      send(response, refusal(401, 'The token of .two-region/local.json is needed: Authorization: Bearer TOKEN.'));
      return;
    }
    const path = request.url ?? '/';
    if (!URL.canParse(path, BASE)) {
      send(response, refusal(400, `${JSON.stringify(path)} is not a path.`));
      return;
    }
    const url = new URL(path, BASE);
    const followed = isFollowing(request, url) ? readEventQuery(url.searchParams) : undefined;
    if (followed?.success) followEvents(response, options.log, matcherOf(followed.data));
    else send(response, await answer(request, url, options).catch(unexpected));
  });
  const service = await listen(server, 0);
  const state = { pid: process.pid, url: service.url, token, startedAt: controls.status().startedAt };
  const release = await claimStateFile(directory, state).catch(async (error: unknown) => {
    await service.close();
    throw error;
  });
  return {
    close: async () => {
      await release();
      await service.close();
    },
  };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Whatever goes wrong with one request, the runtime stays up. */
function unexpected(error: unknown): Answer {
  return refusal(500, errorReason(error));
}

/** `GET /events?follow=true`: an answer that goes on as long as the client listens. */
function isFollowing({ method }: IncomingMessage, { pathname, searchParams }: URL): boolean {
  return method === 'GET' && pathname === '/events' && searchParams.get('follow') === 'true';
}
