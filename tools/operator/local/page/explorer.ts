import { isUtf8 } from 'node:buffer';
import * as z from 'zod';
import { plainRequest } from '#client/plain-request.ts';
import { operations } from '#contract/index.ts';
import type { Auth, Operation } from '#contract/operation.ts';
import { errorReason } from '#functions/error-reason.ts';
import { summarize } from '#local/control/summary.ts';
import type { LocalRuntime } from '#local/index.ts';
import type { CallOutcome, OfferedOperation } from '#local/page/messages.ts';
import type { Explorer } from '#local/page/server.ts';
import { targetIn, tokenFor } from '#operator/call/local-target.ts';
import { matchOperation, prepareCall } from '#operator/call/prepare-call.ts';

const callSchema = z.object({
  method: z.string(),
  target: z.string().startsWith('/', 'Write a path that begins with /.'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
  env: z.string().optional(),
  region: z.enum(['primary', 'secondary']).optional(),
});

const ACCESS: Readonly<Record<Auth, string>> = {
  apiKey: 'API key',
  authorizer: 'token of its authorizer',
  iam: 'signature',
  jwt: 'token',
  open: 'open to anybody',
};

/** The page's explorer: what `call --local` does, with the contract's examples to begin with. */
export function explorerOf(controls: Pick<LocalRuntime['controls'], 'regions' | 'token'>): Explorer {
  return {
    operations: operations.map(offered),
    call: async (asked) => {
      const parsed = callSchema.safeParse(asked);
      if (!parsed.success) return { problem: z.prettifyError(parsed.error) };
      const { method, target, headers, body, ...place } = parsed.data;
      try {
        const operation = matchOperation(operations, method, target);
        const { line, send } = prepareCall(
          operation,
          { target, headers, body },
          targetIn(summarize(controls.regions()), operation, { ...place, token: tokenFor(operation, controls) }),
        );
        return await outcomeOf(line, send);
      } catch (error) {
        return { problem: errorReason(error) };
      }
    },
  };
}

async function outcomeOf(line: string, send: () => Promise<Response>): Promise<CallOutcome> {
  const begin = performance.now();
  const response = await send();
  const bytes = Buffer.from(await response.arrayBuffer());
  const body = isUtf8(bytes) ? bytes.toString() : `${bytes.length} bytes that are no text`;
  const milliseconds = performance.now() - begin;
  const { status, headers } = response;
  const requestId = headers.get('x-amzn-requestid') ?? headers.get('apigw-requestid') ?? '';
  return { line, status, headers: [...headers], body, milliseconds, requestId };
}

function offered(operation: Operation): OfferedOperation {
  const { id, api, method, path, auth, summary } = operation;
  const examples = operation.examples.map(({ pathParameters, query, headers = {}, body, ...example }) => {
    const { url } = plainRequest(operation, 'http://example', { path: pathParameters, query });
    return {
      summary: example.summary,
      target: `${url.pathname}${url.search}`,
      headers,
      body: body === undefined ? '' : JSON.stringify(body, undefined, 2),
      status: example.status,
    };
  });
  return { id, api, method, path, access: ACCESS[auth], summary, examples };
}
