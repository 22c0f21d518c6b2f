import { STATUS_CODES } from 'node:http';
import { plainRequest } from '../../../client/plain-request.ts';
import { send } from '../../../client/send.ts';
import { operations } from '../../../functions/contract/index.ts';
import { EndWith, ExitCode } from '../cli/exit-codes.ts';
import { colorsFor } from '../cli/terminal.ts';
import { CallError } from './call-error.ts';
import type { CallTarget, Place } from './call-target.ts';
import { matchOperation } from './match-operation.ts';
import { readBody, readHeaders } from './request-flags.ts';

export interface CallFlags extends Place {
  readonly body?: string;
  readonly header?: readonly string[];
  readonly key?: string;
  readonly stage?: string;
  readonly verbose?: true;
  readonly json?: true;
}

/**
 * Sends one request and prints the answer: the body on stdout as it came, what else is asked for on stderr.
 *
 * @throws CallError for what cannot be sent, EndWith when the answer is an error
 */
export async function runCall(method: string, target: string, flags: CallFlags): Promise<void> {
  const operation = matchOperation(operations, method.toUpperCase(), target);
  const headers = readHeaders(flags.header);
  const body = await readBody(flags.body);
  const place = { env: flags.env, region: flags.region, key: flags.key };
  const { baseUrl, ...access } = await targetOf(operation, place, flags.stage);
  const base = plainRequest({ method: operation.method, path: '' }, baseUrl, { headers });
  const request = {
    ...base,
    url: new URL(`${base.url.href.replace(/\/+$/, '')}${target}`),
    ...(body !== undefined && { body, headers: { 'content-type': 'application/json', ...base.headers } }),
  };
  const response = await send(operation, request, access).catch((cause: unknown) => {
    // What `fetch` says of the network; anything else, such as missing credentials, is for whoever knows it.
    if (!(cause instanceof TypeError)) throw cause;
    throw new CallError(`${request.url.href} does not answer: ${reasonOf(cause)}`, { cause });
  });
  await print(response, `${request.method} ${request.url.href}`, flags);
  if (response.status >= 400) throw new EndWith(ExitCode.Failed);
}

async function targetOf(
  operation: (typeof operations)[number],
  place: Place & { readonly key?: string },
  stage: string | undefined,
): Promise<CallTarget> {
  if (stage === undefined) {
    const { localTarget } = await import('./local-target.ts');
    return localTarget(operation, place);
  }
  const { stageTarget } = await import('./stage-target.ts');
  return stageTarget(operation, place, stage);
}

async function print(response: Response, requestLine: string, { verbose, json }: CallFlags): Promise<void> {
  const { status } = response;
  const text = await response.text();
  if (json) {
    console.log(JSON.stringify({ status, headers: Object.fromEntries(response.headers), body: parsed(text) }));
    return;
  }
  const colors = colorsFor(process.stderr);
  const statusLine = `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  if (verbose) console.error(colors.dim(requestLine));
  if (verbose || status >= 400) console.error(status >= 400 ? colors.red(statusLine) : colors.green(statusLine));
  if (verbose) for (const [name, value] of response.headers) console.error(colors.dim(`${name}: ${value}`));
  if (text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `fetch` hides why a connection failed in the cause of its error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
