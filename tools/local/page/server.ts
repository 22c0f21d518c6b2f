import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { errorReason } from '#functions/error-reason.ts';
import { keptDocuments } from '#local/control/kept-documents.ts';
import { type Controlled, type ControlResponse, refusal, respond } from '#local/control/routes.ts';
import { traceOf } from '#local/events/trace.ts';
import { listen, type Service } from '#local/http/listen.ts';
import { pageFiles } from './bundle.ts';
import { type PageCommand, pageCommands } from './commands.ts';
import { metricsOf, tablesOf } from './contents.ts';
import { feed } from './feed.ts';
import type { CallOutcome, Notice, OfferedOperation } from './messages.ts';

export interface PageOptions extends Omit<Controlled, 'documents'> {
  /** 0: any free one; one that is taken is replaced by any free one. */
  readonly port: number;
  /** Commands that the page can run, by name. */
  readonly commands: Readonly<Record<string, PageCommand>>;
  readonly explorer: Explorer;
}

/** Calls operations of the contract. Keys and signatures are made here; the page has none. */
export interface Explorer {
  readonly operations: readonly OfferedOperation[];
  /** @returns what came of it, or why it could not be sent */
  call(asked: unknown): Promise<CallOutcome | { readonly problem: string }>;
}

export interface Page extends Service {
  /** With the token behind the `#`, which browsers send to nobody. */
  readonly url: string;
  /** Shows what became of a saved change. */
  tell(notice: Notice): void;
}

/** What the paths of requests are resolved against. */
const BASE = 'http://page';
const API = '/api/';

/** Of the control endpoint, what the page may ask for. */
const CONTROLS = /^(?:GET \/status|POST \/(?:regions\/(?:primary|secondary)\/(?:fail|recover)|partition|replication))$/;

/** Nothing is loaded from elsewhere, runs from elsewhere, or shows this page within another one. */
const HEADERS: OutgoingHttpHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; img-src data:; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/**
 * Serves the page on the loopback address. Its files hold no data and need nothing; all else needs the token of its URL. A request by another host name
 * (a name that was made to lead here, DNS rebinding) or of another origin (a page elsewhere that posts here) is refused whatever it carries.
 */
export async function startPage({ port, explorer, ...options }: PageOptions): Promise<Page> {
  const { commands: offered, ...controlled } = options;
  const token = randomBytes(32).toString('hex');
  const documents = keptDocuments();
  const files = pageFiles();
  const commands = pageCommands(offered);
  let notice: Notice | undefined;
  controlled.log.spans.keep();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries(HEADERS)) if (value !== undefined) response.setHeader(name, value);
    const refused = refuse(request, service.port);
    if (refused) return send(response, refusal(403, refused));
    const path = request.url ?? '/';
    if (!URL.canParse(path, BASE)) return send(response, refusal(400, 'This is not a path.'));
    const url = new URL(path, BASE);
    if (!url.pathname.startsWith(API)) return sendFile(response, await files(request.method, url.pathname));
    if (!hasToken(request, token)) return send(response, refusal(401, 'Open the page by the address of `npm start`.'));
    const asked = new URL(url.pathname.slice(API.length - 1) + url.search, BASE);
    const route = `${request.method} ${asked.pathname}`;
    if (route === 'GET /feed') return feed(response, { ...controlled, commands, notice: () => notice });
    if (route === 'GET /trace')
      return send(response, { status: 200, body: traceOf(controlled.log, asked.searchParams.get('requestId') ?? '') });
    if (route === 'GET /tables') return send(response, { status: 200, body: tablesOf(controlled.controls) });
    if (route === 'GET /metrics') return send(response, { status: 200, body: metricsOf(controlled.controls) });
    if (route === 'GET /operations') return send(response, { status: 200, body: explorer.operations });
    if (route === 'POST /calls') return send(response, await callBy(explorer, request));
    const [, method = '', name = ''] = /^(POST|DELETE) \/commands\/([a-z-]+)$/.exec(route) ?? [];
    const commanded = await (method === 'DELETE' ? commands.stop(name) : commands.start(name));
    if (commanded) return send(response, commanded);
    if (!CONTROLS.test(route)) return send(response, refusal(404, `${route} is not known to the page's server.`));
    send(response, await respond(request, asked, { ...controlled, documents }));
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, refusal(500, errorReason(error)));
    });
  });
  const service = await listen(server, port).catch(() => listen(server, 0));
  return {
    url: `${service.url}/#${token}`,
    tell: (next) => {
      notice = next;
    },
    close: () => Promise.all([commands.close(), service.close()]).then(() => {}),
  };
}

async function callBy(explorer: Explorer, request: IncomingMessage): Promise<ControlResponse> {
  const outcome = await explorer.call(await json(request).catch(() => undefined));
  return 'problem' in outcome ? refusal(400, outcome.problem) : { status: 200, body: outcome };
}

/** @returns why the request is not served, whatever it carries */
function refuse({ headers, url }: IncomingMessage, port: number): string | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const host = headers.host ?? '';
  if (!hosts.includes(host)) return `This page is at ${hosts[0]}, not at ${host}.`;
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && origin !== `http://${host}`) return `A page of ${origin} may not use this one.`;
  const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (isForeign && url?.startsWith('/api/')) return 'A page of another site may not use this one.';
  return undefined;
}

function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const [given, expected] = [headers.authorization ?? '', `Bearer ${token}`].map((text) => Buffer.from(text));
  return given !== undefined && expected?.length === given.length && timingSafeEqual(given, expected);
}

function send(response: ServerResponse, { status, body }: ControlResponse): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendFile(response: ServerResponse, file: Awaited<ReturnType<ReturnType<typeof pageFiles>>>): void {
  response.writeHead(file.status, { 'content-type': file.type });
  response.end(file.content);
}
