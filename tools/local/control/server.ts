import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { errorReason } from '#functions/error-reason.ts';
import { matcherOf, readEventQuery } from '#local/events/event-query.ts';
import type { RuntimeEvent, RuntimeLog } from '#local/events/runtime-log.ts';
import { listen, type Service } from '#local/http/listen.ts';

import { keptDocuments } from './kept-documents.ts';
import { type Controlled, type ControlResponse, refusal, respond } from './routes.ts';
import { claimStateFile } from './state-file.ts';

/** What the paths of requests are resolved against. */
const BASE = 'http://control';

export interface ControlOptions extends Omit<Controlled, 'documents'> {
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
  const controlled = { ...options, documents: keptDocuments() };
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
    else send(response, await respond(request, url, controlled).catch(unexpected));
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

function send(response: ServerResponse, { status, body }: ControlResponse): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Whatever goes wrong with one request, the runtime stays up. */
function unexpected(error: unknown): ControlResponse {
  return refusal(500, errorReason(error));
}

/** `GET /events?follow=true`: a response that goes on as long as the client listens. */
function isFollowing({ method }: IncomingMessage, { pathname, searchParams }: URL): boolean {
  return method === 'GET' && pathname === '/events' && searchParams.get('follow') === 'true';
}

/** What a reader who is slower than the log may have before it; further events are left out until it has caught up. */
const MOST_WAITING_BYTES = 8_000_000;

/** Sends the events that match, and each further one as it comes, a line of JSON each, until the client leaves or the runtime ends. */
function followEvents(response: ServerResponse, log: RuntimeLog, matches: (event: RuntimeEvent) => boolean): void {
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
