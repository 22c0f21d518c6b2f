import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { STATUS_CODES } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { operations } from '#contract/index.ts';
import { errorReason } from '#functions/error-reason.ts';
import { CallError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { runCommand, type Surroundings } from '#operator/cli/run-command.ts';
import type { CallTarget, Identification, Place } from './call-target.ts';
import { matchOperation, type PreparedCall, prepareCall } from './prepare-call.ts';

const TRACE_HEADER = 'x-amzn-trace-id';

export interface CallFlags extends Place {
  readonly body?: string;
  readonly header?: readonly string[];
  readonly key?: string;
  readonly token?: string;
  readonly stage?: string;
  readonly verbose?: true;
  readonly json?: true;
}

/** Sends one request and prints the response: the body on stdout as it came. Exit code 1 when the response is an error. */
export function runCall(method: string, target: string, flags: CallFlags): Promise<void> {
  return runCommand(
    flags,
    async ({ view, colors }) => {
      const headers = headersOf(flags);
      const request = await requestOf(method, target, headers, flags);
      const response = await request.send();
      const received = { status: response.status, headers: [...response.headers], body: await readResponse(response) };
      if (!flags.json) tellStatus(received, request.line, { view, colors, verbose: flags.verbose === true });
      if (!flags.json && flags.verbose) {
        const traceId = traceIdOf(response.headers.get(TRACE_HEADER)) ?? traceIdOf(headers[TRACE_HEADER]);
        const logs = flags.stage === undefined ? 'local logs' : `logs ${flags.stage}`;
        if (traceId !== undefined) view.line(colors.dim(`its log lines: two-region ${logs} --trace ${traceId}`));
      }
      if (isForFiles(received.body))
        view.line(`${received.body.length} bytes, which no terminal can show. Add > FILE.`);
      return received;
    },
    {
      text: ({ body }) => (isForFiles(body) || body.length === 0 ? undefined : withoutLastBreak(body)),
      document: ({ status, headers, body }) => ({ status, headers: Object.fromEntries(headers), body: parsed(body) }),
      exitCode: ({ status }) => (status >= 400 ? ExitCode.Failed : ExitCode.Done),
    },
  );
}

/** @throws CallError for what cannot be sent */
async function requestOf(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  flags: CallFlags,
): Promise<PreparedCall> {
  const operation = matchOperation(operations, method.toUpperCase(), target);
  const body = await readBody(flags.body);
  const place = {
    env: flags.env,
    region: flags.region,
    key: flags.key,
    ...(flags.token !== undefined && { token: flags.token }),
  };
  return prepareCall(operation, { target, headers, body }, await targetOf(operation, place, flags.stage));
}

/** Of the flags; where all is to be told, with a trace of its own: the response of an HTTP API names none. */
function headersOf({ header, verbose }: CallFlags): Readonly<Record<string, string>> {
  return { ...(verbose && { [TRACE_HEADER]: newTraceHeader() }), ...readHeaders(header) };
}

/** Source: AWS X-Ray Developer Guide, "Tracing header" and "Trace ID format". */
function newTraceHeader(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}

function traceIdOf(header: string | null | undefined): string | undefined {
  return /(?:^|;)\s*Root=([\w-]+)/i.exec(header ?? '')?.[1];
}

async function targetOf(
  operation: (typeof operations)[number],
  place: Place & Identification,
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

/** A body as text; as bytes where it is not UTF-8. */
async function readResponse(response: Response): Promise<string | Uint8Array> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  return isUtf8(bytes) ? Buffer.from(bytes).toString() : bytes;
}

/** Bytes would set a terminal's modes. */
function isForFiles(body: string | Uint8Array): body is Uint8Array {
  return typeof body !== 'string' && process.stdout.isTTY;
}

function withoutLastBreak(body: string | Uint8Array): string | Uint8Array {
  return typeof body === 'string' ? body.replace(/\n$/, '') : body;
}

/** JSON as what it says, text as it is, bytes as `{"base64"}`. */
function parsed(text: string | Uint8Array): unknown {
  if (typeof text !== 'string') return { base64: Buffer.from(text).toString('base64') };
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * `--body`: as it stands, `@file`, or `-` for standard input. It is sent as it is, so that a mistake in it can be tried out.
 *
 * @throws CallError when the file cannot be read
 */
export async function readBody(flag: string | undefined): Promise<string | Uint8Array | undefined> {
  if (flag === '-') return buffer(process.stdin);
  if (!flag?.startsWith('@')) return flag;
  const file = flag.slice(1);
  return readFile(file).catch((cause: unknown) => {
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
