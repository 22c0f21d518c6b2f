import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { Testing } from 'cdktf';
import { afterEach, describe, expect, expectTypeOf, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod/mini';
import { freshConnections } from '#client/fresh-connections.ts';
import { type PlainRequest, plainRequest } from '#client/plain-request.ts';
import { type Result, resultOf } from '#client/result.ts';
import { send } from '#client/send.ts';
import { RestApi } from '#constructs/rest-api/rest-api.ts';
import { openApiDocument } from '#contract/openapi.ts';
import { defineOperation } from '#contract/operation.ts';
import { errorBody } from '#contract/response.ts';
import { httpHandler } from '#functions/http/http-handler.ts';
import { restHandler } from '#functions/http/rest-handler.ts';
import type { Routes } from '#functions/http/routes.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { startRecordingServer } from '#tests/client/recording-server.ts';
import { lambdaContext } from '#tests/support/lambda-context.ts';
import { quietLog } from '#tests/support/quiet-log.ts';
import { startTestGateway as startHttp } from '#tests/tools/local/gateway/http/support/gateway.ts';
import { regionWith, route } from '#tests/tools/local/gateway/http/support/model.ts';
import { startTestGateway as startRest } from '#tests/tools/local/gateway/rest/support/gateway.ts';
import { method, regionModel, restApi } from '#tests/tools/local/gateway/rest/support/model.ts';

/* A picture that is read, written and linked to: what JSON APIs do without, of each kind of API, through the gateways. */

const getPicture = defineOperation(() => ({
  id: 'get-picture',
  function: 'picture',
  api: 'rest',
  method: 'GET',
  path: '/picture/{name}',
  auth: 'open',
  integration: 'proxy',
  summary: 'Read a picture',
  description: 'Reads a picture, or says where it is now.',
  request: { pathParameters: z.object({ name: z.string() }) },
  responses: {
    200: { description: 'The picture.', mediaType: 'image/png' },
    302: { description: 'It has another name.' },
    404: { description: 'There is none.', body: errorBody },
  },
  access: {},
  examples: [{ summary: 'Read', pathParameters: { name: 'sea' }, status: 200 }],
}));

const putPicture = defineOperation(() => ({
  ...getPicture,
  id: 'put-picture',
  method: 'PUT',
  request: { pathParameters: z.object({ name: z.string() }), mediaType: 'image/png' },
  responses: { 204: { description: 'It is kept.' } },
}));

const getPage = defineOperation(() => ({
  ...getPicture,
  id: 'get-page',
  path: '/page',
  request: {},
  responses: { 200: { description: 'A page that says who asks.', mediaType: 'text/html' } },
}));

type Operations = typeof getPage | typeof getPicture | typeof putPicture;

/** No UTF-8. */
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x00, 0x80]);

const kept = new Map<string, Uint8Array>();

const routes: Routes<Operations> = {
  'GET /picture/{name}': async ({ pathParameters: { name = '' }, requestId }) => {
    if (name === 'old') return { status: 302, headers: { location: '/picture/sea' } };
    const body = kept.get(name);
    if (body === undefined) return { status: 404, body: { error: `There is no picture ${name}`, requestId } };
    return { status: 200, mediaType: 'image/png', body, headers: { etag: '"1"', 'cache-control': 'max-age=60' } };
  },
  'PUT /picture/{name}': async ({ pathParameters: { name = '' }, bytes }) => {
    kept.set(name, bytes());
    return { status: 204 };
  },
  'GET /page': async ({ method: asked, header, caller }) => ({
    status: 200,
    mediaType: 'text/html',
    body: `<p>${asked} ö ${header('x-name')} ${header('cookie')} ${caller.userAgent} ${caller.ip}`,
    cookies: ['a=1; HttpOnly', 'b=2; Secure'],
  }),
};

const rest = restHandler<Operations>('picture', routes);
const http = httpHandler<Operations>('picture', routes);

const invokeRest: InvokeFunction = async ({ payload }) => {
  const event: APIGatewayProxyEvent = JSON.parse(payload);
  return { ok: true, requestId: 'i-1', payload: await rest(event, lambdaContext('picture')) };
};
const invokeHttp: InvokeFunction = async ({ payload }) => {
  const event: APIGatewayProxyEventV2 = JSON.parse(payload);
  return { ok: true, requestId: 'i-1', payload: await http(event, lambdaContext('picture')) };
};

const gateways = {
  rest: () => {
    const methods = [method('GET', '/picture/{name}'), method('PUT', '/picture/{name}'), method('GET', '/page')];
    return startRest({
      region: regionModel({ restApis: [restApi({ methods, binaryMediaTypes: ['image/png'] })] }),
      invoke: invokeRest,
    });
  },
  http: () =>
    startHttp({
      region: regionWith({ routes: [route('GET /picture/{name}'), route('PUT /picture/{name}'), route('GET /page')] }),
      invoke: invokeHttp,
    }),
};

quietLog();
afterEach(() => {
  kept.clear();
  vi.restoreAllMocks();
});

describe.each(['rest', 'http'] as const)('responses that are not JSON, of the %s API (B14)', (api) => {
  async function started() {
    const gateway = await gateways[api]();
    const sent = (asked: PlainRequest) =>
      gateway.send(asked.url.pathname, {
        method: asked.method,
        headers: { ...asked.headers, 'user-agent': 'me', 'x-name': 'Ada', cookie: 'c=3; d=4' },
        ...(asked.body !== undefined && { body: Buffer.from(asked.body) }),
      });
    return { gateway, sent };
  }
  const at = 'http://127.0.0.1/envA';

  it('hands bytes through in both directions, with headers of their own', async () => {
    const { sent } = await started();
    const put = await sent(plainRequest(putPicture, at, { path: { name: 'sea' }, body: PNG }));
    expect(put).toMatchObject({ status: 204, text: '' });
    const got = await sent(plainRequest(getPicture, at, { path: { name: 'sea' } }));
    expect(got).toMatchObject({ status: 200, bytes: Buffer.from(PNG) });
    expect(got.headers).toMatchObject({ 'content-type': 'image/png', etag: '"1"', 'cache-control': 'max-age=60' });
  });

  it('redirects, and says an error as JSON all the same', async () => {
    const { sent } = await started();
    const moved = await sent(plainRequest(getPicture, at, { path: { name: 'old' } }));
    expect(moved).toMatchObject({ status: 302, headers: { location: '/picture/sea', 'cache-control': 'no-store' } });
    const none = await sent(plainRequest(getPicture, at, { path: { name: 'none' } }));
    expect(none).toMatchObject({ status: 404, headers: { 'content-type': 'application/json' } });
    expect(none.json()).toMatchObject({ error: 'There is no picture none' });
  });

  it('shows a handler method, headers, cookies and caller, and sets several cookies', async () => {
    const { sent } = await started();
    const page = await sent(plainRequest(getPage, at));
    expect(page.text).toBe('<p>GET ö Ada c=3; d=4 me 127.0.0.1');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['set-cookie']).toEqual(['a=1; HttpOnly', 'b=2; Secure']);
  });
});

describe('a client of operations that are not JSON (B2)', () => {
  it('gets bytes, nothing, or an error, by the status', async () => {
    const response = (status: number, body: Uint8Array<ArrayBuffer> | string | null, type?: string) =>
      new Response(body, { status, ...(type && { headers: { 'content-type': type } }) });
    expect(await resultOf(getPicture, response(200, PNG, 'image/png'))).toMatchObject({ body: PNG });
    expect(await resultOf(getPicture, response(302, null))).toMatchObject({ status: 302, body: undefined });
    const problem = { error: 'There is none', requestId: 'r' };
    expect(await resultOf(getPicture, response(404, JSON.stringify(problem)))).toMatchObject({ body: problem });
    await expect(resultOf(getPicture, response(200, '<p>', 'text/html'))).rejects.toThrow('the contract does not know');
    await expect(resultOf(putPicture, response(204, null))).resolves.toMatchObject({ status: 204 });
    type Picture = Extract<Result<typeof getPicture>, { status: 200 }>;
    expectTypeOf<Picture['body']>().toEqualTypeOf<Uint8Array>();
  });

  it('asks for the media type first, which a REST API sends bytes by', () => {
    expect(plainRequest(getPicture, 'https://api.example.com', { path: { name: 'a' } }).headers).toEqual({
      accept: 'image/png, application/json',
    });
    expect(plainRequest(putPicture, 'https://api.example.com', { path: { name: 'a' }, body: PNG })).toMatchObject({
      headers: { 'content-type': 'image/png' },
      body: PNG,
    });
  });
});

describe('what a client sends and gets over connections of its own', () => {
  it('is bytes, and a redirect where the contract declares one', async () => {
    const server = await startRecordingServer({ status: 302, body: PNG, headers: { location: '/elsewhere' } });
    onTestFinished(() => server.close());
    const request = plainRequest(putPicture, server.url, { path: { name: 'sea' }, body: PNG });
    const response = await send(getPicture, request, { fetch: freshConnections() });
    expect([response.status, new Uint8Array(await response.arrayBuffer())]).toEqual([302, PNG]);
    expect(server.requests).toMatchObject([{ method: 'PUT', url: '/picture/sea', body: Buffer.from(PNG) }]);
  });
});

describe('what is declared of operations that are not JSON', () => {
  const { cors } = loadSettings('settings.conf');
  it('is the media types that a REST API hands through, text apart, and no model', () => {
    const json = Testing.synthScope((stack) => {
      const operations = [getPicture, putPicture, getPage];
      new RestApi(stack, 'rest', { apiName: 'a', description: 'd', operations, integrationUri: () => 'uri', cors });
    });
    const { aws_api_gateway_rest_api: apis, aws_api_gateway_method_response: responses } = JSON.parse(json).resource;
    expect(Object.values(apis)).toMatchObject([{ binary_media_types: ['image/png'] }]);
    const typed = Object.values<Record<string, unknown>>(responses).filter(({ response_models: models }) => models);
    expect(typed.map(({ status_code: status }) => status)).toEqual(['404']);
  });

  it('is a content of its type in the OpenAPI document, or none', () => {
    const { paths } = openApiDocument({
      title: 'Pictures',
      operations: [getPicture, putPicture],
      servers: { rest: [{ url: 'https://api.example.com' }], http: [] },
    });
    expect(paths).toMatchObject({
      '/picture/{name}': {
        get: { responses: { 200: { content: { 'image/png': {} } }, 302: { description: 'It has another name.' } } },
        put: { requestBody: { required: true, content: { 'image/png': {} } } },
      },
    });
  });
});
