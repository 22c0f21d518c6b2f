import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { listen } from '../listen.ts';
import type { RegionType } from '../model/model.ts';
import type { RuntimeLog } from '../runtime-log.ts';
import type { Service } from '../service.ts';
import { type RuntimeEndpoints, type RuntimeStatus, replicationSchema, type UnusedPermissions } from './protocol.ts';
import { claimStateFile } from './state-file.ts';
import type { SummaryMessage } from './summary-schema.ts';

/** What can be done to a runtime while it runs. */
export interface RuntimeControls {
  status(): RuntimeStatus;
  unusedPermissions(): UnusedPermissions;
  setFailed(region: RegionType, failed: boolean): void;
  setReplicationLag(milliseconds: number): void;
}

export interface ControlOptions {
  readonly controls: RuntimeControls;
  /** What `GET /summary` answers. */
  readonly summary: SummaryMessage;
  /** What `GET /endpoints` answers. */
  readonly endpoints: RuntimeEndpoints;
  readonly log: RuntimeLog;
  /** Folder that gets `.two-region/local.json`. */
  readonly directory: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
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
    const { status, body } = allowed
      ? await answer(request, options)
      : refusal(401, 'The token of .two-region/local.json is needed: Authorization: Bearer TOKEN.');
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
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

async function answer(
  request: IncomingMessage,
  { controls, summary, endpoints, log }: ControlOptions,
): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://control');
  const route = `${request.method} ${pathname}`;
  const [, regionType, action] = /^POST \/regions\/(primary|secondary)\/(fail|recover)$/.exec(route) ?? [];
  if (regionType === 'primary' || regionType === 'secondary') {
    controls.setFailed(regionType, action === 'fail');
    return { status: 200, body: controls.status() };
  }
  if (route === 'GET /status') return { status: 200, body: controls.status() };
  if (route === 'GET /summary') return { status: 200, body: summary };
  if (route === 'GET /permissions') return { status: 200, body: controls.unusedPermissions() };
  if (route === 'GET /endpoints') return { status: 200, body: endpoints };
  if (route === 'GET /events') return events(searchParams, log);
  if (route === 'POST /replication') {
    const parsed = replicationSchema.safeParse(await json(request).catch(() => undefined));
    if (!parsed.success) return refusal(400, 'Send {"lagMilliseconds": n} with n from 0 to 3,600,000.');
    controls.setReplicationLag(parsed.data.lagMilliseconds);
    return { status: 200, body: controls.status() };
  }
  return refusal(404, `${route} is not known to the control endpoint.`);
}

/** `?kind=` (repeatable) and `?since=` (milliseconds since the epoch) narrow what comes back. */
function events(query: URLSearchParams, log: RuntimeLog): Answer {
  const kinds = new Set(query.getAll('kind'));
  const since = Number(query.get('since') ?? 0);
  if (Number.isNaN(since)) return refusal(400, 'since is a time in milliseconds since the epoch.');
  return {
    status: 200,
    body: log.query((event) => event.time >= since && (kinds.size === 0 || kinds.has(event.kind))),
  };
}

function refusal(status: number, message: string): Answer {
  return { status, body: { message } };
}
