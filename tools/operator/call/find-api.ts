import * as z from 'zod/mini';
import { plainRequest } from '#client/plain-request.ts';
import { type Credentials, signRequest } from '#client/sign-request.ts';
import type { Operation } from '#contract/operation.ts';
import { CallError } from '#operator/cli/errors.ts';
import { executeApiHost, serviceHost } from '#stacks/settings/partitions.ts';

const lists = {
  rest: {
    path: '/restapis',
    answer: z.object({ item: z.optional(z.array(z.object({ id: z.string(), name: z.string() }))) }),
  },
  http: {
    path: '/v2/apis',
    answer: z.object({ items: z.optional(z.array(z.object({ apiId: z.string(), name: z.string() }))) }),
  },
} as const;

/** How many APIs one request asks for: the most that API Gateway lists at once. */
const most = { rest: { limit: '500' }, http: { maxResults: '500' } } as const;

const LONGEST_WAIT_MILLISECONDS = 10_000;

export interface ApiLookup {
  readonly api: Operation['api'];
  /** As the `api` stack gives it. */
  readonly name: string;
  /** AWS region. */
  readonly region: string;
  readonly credentials: Credentials;
}

/**
 * Finds the gateway of a region by its name. An environment's name is to be appended.
 *
 * Source: Amazon API Gateway REST API reference, `GetRestApis`; Version 2 API reference, `GetApis`.
 *
 * @returns the URL of the API's default endpoint
 * @throws CallError when there is none of that name
 */
export async function findApi({ api, name, region, credentials }: ApiLookup): Promise<string> {
  const endpoint = process.env.AWS_ENDPOINT_URL ?? `https://${serviceHost('apigateway', region)}`;
  const request = plainRequest({ method: 'GET', path: lists[api].path }, endpoint, {
    query: most[api],
    headers: { accept: 'application/json' },
  });
  const { url, headers } = await signRequest(request, { credentials, region, service: 'apigateway' });
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(LONGEST_WAIT_MILLISECONDS) }).catch(
    (error: unknown) => {
      // `fetch` hides why a connection failed in the cause of its error.
      throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
    },
  );
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refusal(answer, response);
  const id = api === 'rest' ? restId(answer, name) : httpId(answer, name);
  if (id === undefined) {
    throw new CallError(
      `There is no ${api.toUpperCase()} API named ${name} in ${region}: apply the api stack of that region.`,
    );
  }
  return `https://${executeApiHost(id, region)}`;
}

function restId(answer: unknown, wanted: string): string | undefined {
  return lists.rest.answer.parse(answer).item?.find(({ name }) => name === wanted)?.id;
}

function httpId(answer: unknown, wanted: string): string | undefined {
  return lists.http.answer.parse(answer).items?.find(({ name }) => name === wanted)?.apiId;
}

/** With the name of AWS's error, by which refused credentials are told. */
function refusal(answer: unknown, response: Response): Error {
  const message = typeof answer === 'object' && answer !== null && 'message' in answer ? String(answer.message) : '';
  const error = new Error(`API Gateway responded ${response.status}: ${message}`);
  error.name = response.headers.get('x-amzn-errortype')?.split(':', 1)[0] ?? 'Error';
  return error;
}
