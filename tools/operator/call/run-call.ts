import { readFile } from 'node:fs/promises';
import { STATUS_CODES } from 'node:http';
import { text } from 'node:stream/consumers';
import { createSender } from '#client/attempts.ts';
import { plainRequest } from '#client/plain-request.ts';
import { send } from '#client/send.ts';
import { operations } from '#contract/index.ts';
import type { Operation } from '#contract/operation.ts';
import { errorReason } from '#functions/error-reason.ts';
import { columns } from '#operator/cli/columns.ts';
import { CallError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { runCommand, type Surroundings } from '#operator/cli/run-command.ts';
import type { CallTarget, Place } from './call-target.ts';

export interface CallFlags extends Place {
  readonly body?: string;
  readonly header?: readonly string[];
  readonly key?: string;
  readonly stage?: string;
  readonly verbose?: true;
  readonly json?: true;
}

/** Sends one request and prints the response: the body on stdout as it came. Exit code 1 when the response is an error. */
export function runCall(method: string, target: string, flags: CallFlags): Promise<void> {
  return runCommand(
    flags,
    async ({ view, colors }) => {
      const request = await requestOf(method, target, flags);
      const response = await request.send();
      const received = { status: response.status, headers: [...response.headers], body: await response.text() };
      if (!flags.json) tellStatus(received, request.line, { view, colors, verbose: flags.verbose === true });
      return received;
    },
    {
      text: ({ body }) => (body === '' ? undefined : body.replace(/\n$/, '')),
      document: ({ status, headers, body }) => ({ status, headers: Object.fromEntries(headers), body: parsed(body) }),
      exitCode: ({ status }) => (status >= 400 ? ExitCode.Failed : ExitCode.Done),
    },
  );
}

/** @throws CallError for what cannot be sent */
async function requestOf(
  method: string,
  target: string,
  flags: CallFlags,
): Promise<{ readonly line: string; readonly send: () => Promise<Response> }> {
  const operation = matchOperation(operations, method.toUpperCase(), target);
  const headers = readHeaders(flags.header);
  const body = await readBody(flags.body);
  const place = { env: flags.env, region: flags.region, key: flags.key };
  const { baseUrl, regions, ...access } = await targetOf(operation, place, flags.stage);
  const requestAt = (url: string) => {
    const base = plainRequest({ method: operation.method, path: '' }, url, { headers });
    return {
      ...base,
      url: new URL(`${base.url.href.replace(/\/+$/, '')}${target}`),
      ...(body !== undefined && { body, headers: { 'content-type': 'application/json', ...base.headers } }),
    };
  };
  const request = requestAt(baseUrl);
  const answer = () =>
    regions === undefined
      ? send(operation, request, access)
      : createSender(access)(operation, requestAt, { publicUrl: baseUrl, ...regions });
  const sent = () =>
    answer().catch((cause: unknown) => {
      // What `fetch` says of the network, in the cause of its error; anything else, such as missing credentials, is for whoever knows it.
      if (!(cause instanceof TypeError)) throw cause;
      throw new CallError(`${request.url.href} did not answer: ${errorReason(cause.cause ?? cause)}`, { cause });
    });
  return { line: `${request.method} ${request.url.href}`, send: sent };
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

/** An error's status always, everything else where it is asked for. */
function tellStatus(
  { status, headers }: { readonly status: number; readonly headers: readonly (readonly [string, string])[] },
  requestLine: string,
  { view, colors, verbose }: Pick<Surroundings, 'colors' | 'view'> & { readonly verbose: boolean },
): void {
  const statusLine = `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  if (verbose) view.line(colors.dim(requestLine));
  if (verbose || status >= 400) view.line(status >= 400 ? colors.red(statusLine) : colors.green(statusLine));
  if (verbose) for (const [name, value] of headers) view.line(colors.dim(`${name}: ${value}`));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * The operation that a request is for.
 *
 * @param target - path, with or without a query
 * @throws CallError that lists every route when there is none
 */
export function matchOperation(operations: readonly Operation[], method: string, target: string): Operation {
  const [path = ''] = target.split('?', 1);
  const found = operations.find((operation) => operation.method === method && patternOf(operation).test(path));
  if (found) return found;
  const routes = columns(operations.map((operation) => [operation.method, operation.path, operation.summary]));
  throw new CallError(`No route ${method} ${path}. There are:\n${routes.map((line) => `  ${line}`).join('\n')}`);
}

function patternOf({ path }: Operation): RegExp {
  const segments = path.split('/').map((segment) => (segment.startsWith('{') ? '[^/]+' : escapeRegExp(segment)));
  return new RegExp(`^${segments.join('/')}/?$`);
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/**
 * `--body`: as it stands, `@file`, or `-` for standard input. It is sent as it is, so that a mistake in it can be tried out.
 *
 * @throws CallError when the file cannot be read
 */
export async function readBody(flag: string | undefined): Promise<string | undefined> {
  if (flag === '-') return text(process.stdin);
  if (!flag?.startsWith('@')) return flag;
  const file = flag.slice(1);
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CallError(`--body @${file}: the file cannot be read: ${errorReason(cause)}`, { cause });
  });
}

/**
 * `--header`: names in lower case → value.
 *
 * @throws CallError naming every one that is none
 */
export function readHeaders(flags: readonly string[] = []): Readonly<Record<string, string>> {
  const read = flags.map((flag) => ({ flag, match: /^([\w!#$%&'*+.^`|~-]+):\s*(.*)$/.exec(flag) }));
  const wrong = read.filter(({ match }) => match === null).map(({ flag }) => JSON.stringify(flag));
  if (wrong.length > 0) throw new CallError(`--header ${wrong.join(', ')}: allowed is "Name: value".`);
  return Object.fromEntries(read.map(({ match }) => [match?.[1]?.toLowerCase() ?? '', match?.[2] ?? '']));
}
