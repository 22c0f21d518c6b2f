import { plainRequest } from '#client/plain-request.ts';
import { send } from '#client/send.ts';
import type { Operation, OperationExample } from '#contract/operation.ts';
import type { RuntimeSummary } from '#local/control/summary.ts';
import type { RegionType } from '#local/model/model.ts';
import { targetIn } from '#operator/call/local-target.ts';

/** Sends an operation's example to one environment of one region, with the key or the signature that the operation asks for. */
export async function callExample(
  summary: RuntimeSummary,
  operation: Operation,
  { pathParameters, query, headers, body }: OperationExample,
  { env, region }: { readonly env: string; readonly region: RegionType },
): Promise<{ readonly status: number; readonly text: string }> {
  const { baseUrl, ...access } = targetIn(summary, operation, { env, region });
  const request = plainRequest(operation, baseUrl, { path: pathParameters, query, headers, body });
  const response = await send(operation, request, access);
  return { status: response.status, text: await response.text() };
}
