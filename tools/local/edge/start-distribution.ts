import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { matchesPattern } from '#contract/edge-pattern.ts';
import { type GatewayService, startGatewayServer } from '#local/gateway/gateway-server.ts';
import { hostName, isLoopback } from '#local/http/client-request.ts';
import { isConnectionHeader } from '#local/http/raw-headers.ts';
import { readBody } from '#local/http/read-body.ts';
import type { Distribution, EdgeBehavior, EdgeOrigin } from '#local/model/distributions.ts';
import {
  askOrigin,
  type OriginFailure,
  type OriginRequest,
  type OriginResponse,
  type OriginServer,
  READS,
} from './ask-origin.ts';
import { cacheKey, keptResponses } from './kept-responses.ts';

export interface DistributionOptions {
  readonly distribution: Distribution;
  /** The alias that it is served at, which is what origins see as `Host`. */
  readonly name: string;
  /** 0: any free port. */
  readonly port: number;
  /** By the domain names of the distribution's origins. */
  readonly origins: ReadonlyMap<string, OriginServer>;
  readonly timeScale: number;
}

/** 20 GB on AWS; API Gateway takes 10 MB. */
const LARGEST_BODY = 10 * 1024 * 1024;

/** The status that the failover criteria of a group call a failure, and that clients get. Source: CloudFront Developer Guide, origin failover. */
const STATUS_OF: Readonly<Record<OriginFailure, { readonly listed: number; readonly sent: number }>> = {
  'no connection': { listed: 503, sent: 502 },
  'too late': { listed: 504, sent: 504 },
};

const PLACE = 'x-two-region-place';

/** Of AWS's policy SecurityHeadersPolicy; the second is set whatever the origin says. */
const SECURITY_HEADERS = [
  ['strict-transport-security', 'max-age=31536000'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'SAMEORIGIN'],
  ['referrer-policy', 'strict-origin-when-cross-origin'],
  ['x-xss-protection', '1; mode=block'],
] as const;

/**
 * CloudFront on loopback: one place of the edge, without TLS, before the regions' gateways. A request goes to the origin of the first behavior that matches
 * its path; reads of an origin group go to the second origin where the first one fails, each time anew. What a behavior's policy keeps is kept, errors too.
 *
 * Source: Amazon CloudFront Developer Guide, "Request and response behavior for custom origins", "Optimize high availability with CloudFront origin failover",
 * "Understand cache policies".
 */
export function startDistribution(options: DistributionOptions): Promise<GatewayService> {
  const { distribution, name, port, timeScale } = options;
  const kept = keptResponses(distribution, timeScale);
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const host = hostName(request.headers.host ?? '');
    if (host !== name.toLowerCase() && !isLoopback(host)) return send(response, refusal(403, 'Bad request.'), 'Error');
    const method = request.method ?? 'GET';
    const target = request.url ?? '/';
    const behavior = behaviorOf(distribution, target);
    if (behavior === undefined || !behavior.methods.includes(method)) {
      const why = `This distribution is not configured to allow the HTTP request method ${method} here.`;
      return send(response, refusal(403, why), 'Error');
    }
    const isKept = behavior.keptMethods.includes(method);
    const key = cacheKey(method, target, request.headers, behavior.cache);
    const found = isKept ? kept.find(key) : undefined;
    if (found !== undefined) {
      const age = [['age', String(found.age)]] as const;
      return send(
        response,
        secured({ ...found.response, headers: [...found.response.headers, ...age] }, behavior),
        'Hit',
      );
    }
    const body = await readBody(request, LARGEST_BODY);
    if (body === 'aborted') return;
    if (body === 'too-large') return send(response, refusal(413, 'The request is too large.'), 'Error');
    const { originRequest, place } = forwarded(request, behavior, host);
    const asked = { method, target, headers: originRequest, body, place };
    const got = await askOrigins(options, behavior, asked);
    if (typeof got === 'string') {
      return send(
        response,
        refusal(STATUS_OF[got].sent, 'We can not connect to the server for this app or website at this time.'),
        'Error',
      );
    }
    if (isKept) kept.keep(key, got, behavior.cache);
    return send(response, secured(got, behavior), got.status >= 500 ? 'Error' : 'Miss');
  };
  return startGatewayServer(port, (request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
}

function behaviorOf({ behaviors }: Distribution, target: string): EdgeBehavior | undefined {
  const path = target.split('?', 1)[0] ?? '/';
  return behaviors.find(({ pathPattern }) => pathPattern === undefined || matchesPattern(pathPattern, path));
}

/** Who is asked, in turn: an origin, or the members of a group, of which the second gets reads only. */
async function askOrigins(
  { distribution, origins, timeScale }: DistributionOptions,
  { target }: EdgeBehavior,
  asked: OriginRequest,
): Promise<OriginFailure | OriginResponse> {
  const group = distribution.groups.find(({ id }) => id === target);
  const ids = group === undefined ? [target] : group.members;
  const isRead = READS.includes(asked.method);
  let last: OriginFailure | OriginResponse = 'no connection';
  for (const id of ids) {
    const origin = distribution.origins.find((each) => each.id === id);
    const server = origin && origins.get(origin.domainName);
    last = origin && server ? await askOrigin(origin, server, withOwn(asked, origin), timeScale) : 'no connection';
    const status = typeof last === 'string' ? STATUS_OF[last].listed : last.status;
    if (!isRead || !group?.statuses.includes(status)) return last;
  }
  return last;
}

function withOwn(asked: OriginRequest, { headers }: EdgeOrigin): OriginRequest {
  const own = new Set(headers.map(([name]) => name.toLowerCase()));
  return { ...asked, headers: [...asked.headers.filter(([name]) => !own.has(name.toLowerCase())), ...headers] };
}

/** What of the client's headers the origin gets, and what the edge says besides. */
function forwarded({ headers, rawHeaders, socket }: IncomingMessage, { forwardsHost }: EdgeBehavior, host: string) {
  const client = socket.remoteAddress ?? '';
  const pairs = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : []));
  const own = ['x-forwarded-for', 'via', 'x-amz-cf-id', 'content-length', ...(forwardsHost ? [] : ['host'])];
  const before = headers['x-forwarded-for'];
  const place = headers[PLACE];
  return {
    place: typeof place === 'string' ? place : undefined,
    originRequest: [
      ...pairs.filter(([name]) => !own.includes(name.toLowerCase()) && !isConnectionHeader(name.toLowerCase())),
      ...(forwardsHost ? [] : [['host', host] as const]),
      ['X-Forwarded-For', before === undefined ? client : `${String(before)}, ${client}`] as const,
      ['Via', '1.1 local.cloudfront.net (CloudFront)'] as const,
      ['X-Amz-Cf-Id', randomBytes(42).toString('base64url')] as const,
    ],
  };
}

function secured(response: OriginResponse, { addsSecurityHeaders }: EdgeBehavior): OriginResponse {
  if (!addsSecurityHeaders) return response;
  const names = new Set(response.headers.map(([name]) => name.toLowerCase()));
  const added = SECURITY_HEADERS.filter(([name]) => !names.has(name));
  const headers = response.headers.map(([name, value]) =>
    name.toLowerCase() === 'x-content-type-options' ? ([name, 'nosniff'] as const) : ([name, value] as const),
  );
  return { ...response, headers: [...headers, ...added] };
}

/** A response of the edge's own. */
function refusal(status: number, reason: string): OriginResponse {
  const title = `ERROR: ${status}`;
  const text = `<HTML><HEAD><TITLE>${title}</TITLE></HEAD><BODY><H1>${title}</H1><P>${reason}</P><P>Generated by cloudfront (CloudFront)</P></BODY></HTML>`;
  return { status, headers: [['content-type', 'text/html']], body: Buffer.from(text) };
}

function send(
  response: ServerResponse,
  { status, headers, body }: OriginResponse,
  cache: 'Error' | 'Hit' | 'Miss',
): void {
  const passed = headers.filter(([name]) => !isConnectionHeader(name.toLowerCase()));
  const own = [
    ['X-Cache', `${cache} from cloudfront`],
    ['Via', '1.1 local.cloudfront.net (CloudFront)'],
    ['X-Amz-Cf-Pop', 'LOCAL1-P1'],
    ['X-Amz-Cf-Id', randomBytes(42).toString('base64url')],
  ];
  response.writeHead(status, [...passed.flat(), ...own.flat()]);
  response.end(body);
}
