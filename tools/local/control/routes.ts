import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { readContents, SeedError } from '#local/data/contents.ts';
import { matcherOf, readEventQuery } from '#local/events/event-query.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import { traceOf } from '#local/events/trace.ts';
import { FailureError, REGION_GONE } from '#local/failure/failure.ts';
import { failureSchema } from '#local/failure/failure-schema.ts';
import type { RegionType } from '#local/model/model.ts';
import { ReleaseError } from '#local/release/release-error.ts';
import { TargetError } from '#local/target/target-error.ts';
import type { RuntimeControls } from './controls.ts';
import { type DocumentName, documentIn, type KeptDocuments, replacementSchema } from './kept-documents.ts';
import { holdSchema, type LocalTrace, partitionSchema, replicationSchema, tokenRequestSchema } from './protocol.ts';
import { targetSchema } from './regions-schema.ts';
import {
  aliasesSchema,
  publicationSchema,
  type ReleaseMessage,
  releaseSchema,
  usagePlansSchema,
  weightsSchema,
} from './release-schema.ts';

/** What the control endpoint's responses are made of. */
export interface Controlled {
  readonly documents: KeptDocuments;
  readonly controls: RuntimeControls;
  readonly log: RuntimeLog;
}

export interface ControlResponse {
  readonly status: number;
  readonly body: unknown;
}

/** Responds to a request to the control endpoint. */
export async function respond(
  request: IncomingMessage,
  { pathname, searchParams }: URL,
  { controls, documents, log }: Controlled,
): Promise<ControlResponse> {
  const route = `${request.method} ${pathname}`;
  const [, regionType, action] = /^POST \/regions\/(primary|secondary)\/(fail|hold|recover)$/.exec(route) ?? [];
  if (regionType === 'primary' || regionType === 'secondary') {
    if (action === 'hold') return hold(regionType, await readBody(request), controls);
    if (action === 'fail') return fail(regionType, await readBody(request), controls);
    controls.recover(regionType);
    return ok(controls.status());
  }
  const [, part] = /^POST \/targets\/([^/]+)$/.exec(route) ?? [];
  if (part !== undefined) return moveTarget(part, await readBody(request), controls);
  const document = documentIn(pathname);
  if (document !== undefined && request.method === 'GET') return ok(documents.read(document));
  if (document !== undefined && request.method === 'PUT') return keep(document, await readBody(request), documents);
  switch (route) {
    case 'GET /status':
      return ok(controls.status());
    case 'GET /regions':
      return ok(controls.regions());
    case 'GET /alarms':
      return ok(controls.alarms());
    case 'GET /recorded':
      return ok(controls.recorded(searchParams.get('environment') ?? '', Number(searchParams.get('since') ?? 0)));
    case 'GET /permissions':
      return ok(controls.unusedPermissions());
    case 'GET /events':
      return events(searchParams, log);
    case 'GET /trace':
      return ok(trace(searchParams.get('id') ?? '', log));
    case 'POST /tokens':
      return signToken(await readBody(request), controls);
    case 'POST /partition':
      return setPartitioned(await readBody(request), controls);
    case 'POST /releases':
      return release(await readBody(request), async (message) => {
        await controls.deploy(message);
        return controls.regions();
      });
    case 'POST /release-plans':
      return release(await readBody(request), async (message) => ({ changes: await controls.plan(message) }));
    case 'POST /versions':
      return publish(await readBody(request), controls);
    case 'POST /aliases':
      return point(await readBody(request), controls);
    case 'POST /weights':
      return weigh(await readBody(request), controls);
    case 'POST /usage-plans':
      return admitKeys(await readBody(request), controls);
    case 'GET /data':
      return ok(controls.data.contents());
    case 'POST /data':
      return fill(await readBody(request), controls);
    case 'DELETE /data':
      await controls.data.reset();
      return ok({});
    case 'POST /replication':
      return setReplicationLag(await readBody(request), controls);
    default:
      return refusal(404, `${route} is not known to the control endpoint.`);
  }
}

export function refusal(status: number, message: string): ControlResponse {
  return { status, body: { message } };
}

function ok(body: unknown): ControlResponse {
  return { status: 200, body };
}

/** @returns undefined for what is not valid JSON */
function readBody(request: IncomingMessage): Promise<unknown> {
  return json(request).catch(() => undefined);
}

/** Whoever asks for the way of a request asks again: ways are kept from then on. */
function trace(id: string, log: RuntimeLog): LocalTrace {
  const wereKept = log.spans.areKept;
  log.spans.keep();
  return { wereKept, ...traceOf(log, id) };
}

const STATUS_OF = { unknown: 404, invalid: 400, unavailable: 409 } as const;

function moveTarget(part: string, body: unknown, controls: RuntimeControls): ControlResponse {
  const parsed = targetSchema.safeParse(body);
  if (!parsed.success) return refusal(400, 'Send {"environment": "envB"}, with the name of an environment.');
  try {
    controls.moveTarget(part, parsed.data.environment, parsed.data.propagation);
    return ok(controls.regions());
  } catch (error) {
    if (error instanceof TargetError) return refusal(STATUS_OF[error.reason], error.message);
    throw error;
  }
}

async function release(body: unknown, work: (message: ReleaseMessage) => Promise<unknown>): Promise<ControlResponse> {
  const parsed = releaseSchema.safeParse(body);
  if (!parsed.success)
    return refusal(400, 'Send {"environment": "envB", "synthesis": {…}}, with what was synthesized.');
  return unlessRefused(() => work(parsed.data));
}

async function publish(body: unknown, controls: RuntimeControls): Promise<ControlResponse> {
  const parsed = publicationSchema.safeParse(body);
  if (!parsed.success) return refusal(400, 'Send {"region": "primary", "functionName": "…", "codeSha256": "…"}.');
  return unlessRefused(async () => ({ version: controls.publish(parsed.data) }));
}

async function point(body: unknown, controls: RuntimeControls): Promise<ControlResponse> {
  const parsed = aliasesSchema.safeParse(body);
  if (!parsed.success)
    return refusal(400, 'Send {"environment": "envB", "versions": {"primary": {"function": "2"}, "secondary": {…}}}.');
  return unlessRefused(async () => {
    await controls.point(parsed.data);
    return controls.regions();
  });
}

async function weigh(body: unknown, controls: RuntimeControls): Promise<ControlResponse> {
  const parsed = weightsSchema.safeParse(body);
  if (!parsed.success) {
    return refusal(
      400,
      'Send {"region": "primary", "environment": "envA", "weights": {"function": {"version": "2", "share": 0.1}}}.',
    );
  }
  return unlessRefused(async () => {
    await controls.weigh(parsed.data);
    return controls.regions();
  });
}

async function admitKeys(body: unknown, controls: RuntimeControls): Promise<ControlResponse> {
  const parsed = usagePlansSchema.safeParse(body);
  if (!parsed.success) return refusal(400, 'Send {"regions": ["primary", "secondary"]}.');
  return unlessRefused(async () => {
    await controls.admitKeys(parsed.data.regions);
    return controls.regions();
  });
}

async function unlessRefused(work: () => Promise<unknown>): Promise<ControlResponse> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof ReleaseError) return refusal(STATUS_OF[error.reason], error.message);
    throw error;
  }
}

function keep(name: DocumentName, body: unknown, documents: KeptDocuments): ControlResponse {
  const parsed = replacementSchema.safeParse(body);
  if (!parsed.success) return refusal(400, 'Send {"document": …, "version": n}; without a version any is replaced.');
  const kept = documents.replace(name, parsed.data.document ?? null, parsed.data.version);
  return kept === undefined ? refusal(409, `${name} is another version than ${parsed.data.version} now.`) : ok(kept);
}

function fail(region: RegionType, body: unknown, controls: RuntimeControls): ControlResponse {
  const parsed = failureSchema.safeParse(body ?? REGION_GONE);
  if (!parsed.success) return refusal(400, 'Send {"part": "region", "mode": {"kind": "refuse"}}, or nothing.');
  try {
    controls.fail(region, parsed.data);
    return ok(controls.status());
  } catch (error) {
    if (error instanceof FailureError) return refusal(404, error.message);
    throw error;
  }
}

function hold(region: RegionType, body: unknown, controls: RuntimeControls): ControlResponse {
  const parsed = holdSchema.safeParse(body);
  if (!parsed.success)
    return refusal(400, 'Send {"routes": ["envA GET /user/{id}"]}; without a route nothing is held.');
  controls.hold(region, parsed.data.routes);
  return ok({});
}

async function fill(body: unknown, controls: RuntimeControls): Promise<ControlResponse> {
  try {
    return ok(await controls.data.fill(readContents(body)));
  } catch (error) {
    if (error instanceof SeedError) return refusal(400, error.message);
    throw error;
  }
}

async function signToken(body: unknown, controls: RuntimeControls): Promise<ControlResponse> {
  const parsed = tokenRequestSchema.safeParse(body);
  if (!parsed.success) return refusal(400, 'Send {"sub": "…", "scopes": ["…"], "lifetimeSeconds": 3600}, or {}.');
  return ok(await controls.token(parsed.data));
}

function setPartitioned(body: unknown, controls: RuntimeControls): ControlResponse {
  const parsed = partitionSchema.safeParse(body);
  if (!parsed.success) return refusal(400, 'Send {"partitioned": true} or {"partitioned": false}.');
  controls.setPartitioned(parsed.data.partitioned);
  return ok(controls.status());
}

function setReplicationLag(body: unknown, controls: RuntimeControls): ControlResponse {
  const parsed = replicationSchema.safeParse(body);
  if (!parsed.success) return refusal(400, 'Send {"lagMilliseconds": n} with n from 0 to 3,600,000.');
  controls.setReplicationLag(parsed.data.lagMilliseconds);
  return ok(controls.status());
}

function events(parameters: URLSearchParams, log: RuntimeLog): ControlResponse {
  const query = readEventQuery(parameters);
  return query.success ? ok(log.query(matcherOf(query.data))) : refusal(400, query.message);
}
