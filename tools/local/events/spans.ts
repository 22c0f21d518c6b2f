import { EDGE_HEADER } from '#contract/edge-pattern.ts';

/** A part of the way of a request: where it was, from when, and for how long. */
export interface Span {
  /** `function`: until Lambda responds, with the wait for an execution environment; `handler`: its code alone; `replica`: until a write has arrived. */
  readonly part: 'function' | 'gateway' | 'handler' | 'replica' | 'service';
  /** Of a gateway's span the gateway's own, of a function's Lambda's. */
  readonly requestId?: string;
  /** By {@link invocationOf}; undefined where no function was asked. */
  readonly invocation?: string | undefined;
  /** AWS region. */
  readonly region: string;
  /** `GET /user/{id}`, a function's name, `dynamodb GetItem`, a table's name. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly milliseconds: number;
  /** HTTP status, or why it failed. */
  readonly outcome?: string;
  /** Of gateways. */
  readonly exchanged?: Exchanged;
}

/** What a client sent and got. */
interface Exchanged {
  readonly request: Exchange;
  readonly response: Exchange;
}

interface Exchange {
  /** `POST /user HTTP/1.1`, `201`. */
  readonly line: string;
  /** Names and values in turn, without secrets. */
  readonly headers: readonly string[];
  /** Its beginning. */
  readonly body: string;
}

/** As many as nobody looks through; a few thousand requests. */
const MOST_SPANS = 10_000;
/** Of all of them: clients decide how long their headers are. */
const MOST_CHARACTERS = 16_000_000;
/** Bytes. */
const MOST_BODY = 2048;

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'x-amz-security-token',
  'x-api-key',
  EDGE_HEADER,
]);

/** The ways of the last requests. Nothing is kept until somebody asks for it: each request would pay. */
export class Spans {
  #kept: Span[] | undefined;
  #characters = 0;

  /** From now on. */
  keep(): void {
    this.#kept ??= [];
  }

  get areKept(): boolean {
    return this.#kept !== undefined;
  }

  add(span: Span): void {
    if (this.#kept === undefined) return;
    this.#kept.push(span);
    this.#characters += charactersOf(span);
    if (this.#kept.length > MOST_SPANS * 1.5 || this.#characters > MOST_CHARACTERS * 1.5) this.#trim(this.#kept);
  }

  /** The newest stays, however long it is. */
  #trim(kept: Span[]): void {
    let gone = 0;
    while (kept.length - gone > 1 && (kept.length - gone > MOST_SPANS || this.#characters > MOST_CHARACTERS)) {
      this.#characters -= charactersOf(kept[gone]);
      gone += 1;
    }
    kept.splice(0, gone);
  }

  /** @param requestId - of the gateway or of AWS Lambda @returns from the outermost inwards */
  of(requestId: string): readonly Span[] {
    const spans = this.#kept ?? [];
    const own = spans.find((span) => span.requestId === requestId);
    if (own === undefined) return [];
    const { invocation } = own;
    return spans
      .filter((span) => span === own || (invocation !== undefined && span.invocation === invocation))
      .sort((one, other) => DEPTH[one.part] - DEPTH[other.part] || one.time - other.time);
  }
}

function charactersOf(span: Span | undefined): number {
  if (span?.exchanged === undefined) return 0;
  const { request, response } = span.exchanged;
  const of = ({ line, headers, body }: Exchange) =>
    headers.reduce((all, text) => all + text.length, line.length + body.length);
  return of(request) + of(response);
}

const DEPTH = { gateway: 0, function: 1, handler: 2, service: 3, replica: 4 } as const;

/** What calls of a function to AWS name their invocation by: the parent in its trace header, 16 hexadecimal digits of the invocation's id. */
export function invocationOf(functionRequestId: string): string {
  return functionRequestId.replaceAll('-', '').slice(0, 16);
}

/** The invocation that an SDK client's call was made in, by the header that the SDK takes over from the function's `_X_AMZN_TRACE_ID`. */
export function callingInvocation(traceHeader: unknown): string | undefined {
  return typeof traceHeader === 'string' ? /(?:^|;)Parent=([0-9a-f]{16})(?:;|$)/.exec(traceHeader)?.[1] : undefined;
}

/** The beginning of a body, as text. */
export function beginningOf(body: Buffer | string): string {
  if (typeof body !== 'string') return body.subarray(0, MOST_BODY).toString();
  return body.length > MOST_BODY ? body.slice(0, MOST_BODY) : body;
}

/** @param headers - names and values in turn */
export function withoutSecrets(headers: readonly string[]): readonly string[] {
  return headers.map((text, at) => {
    const isSecret = at % 2 === 1 && SECRET_HEADERS.has(headers[at - 1]?.toLowerCase() ?? '');
    return isSecret ? '(not shown)' : text;
  });
}
