import * as z from 'zod/mini';
import { operations } from '#contract/index.ts';
import { type RecordedParts, recordedParts } from '#contract/replay.ts';
import { PREVIEW } from '#functions/environment.ts';
import { describeExcess } from '#functions/http/json-extent.ts';
import { REPLAY_HEADER, type RequestRecord, recordOf } from '#functions/http/request-record.ts';
import type { Exchange } from '#local/gateway/exchange.ts';

/** A record, as a function's log and the control endpoint have it. */
export const requestRecordSchema = z.object({
  time: z.number(),
  operation: z.string(),
  environment: z.string(),
  path: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.string()),
  headers: z.record(z.string(), z.string()),
  body: z.optional(z.unknown()),
  status: z.number(),
  withheld: z.readonly(z.array(z.string())),
});

/** How many records are kept, of both regions. */
const MOST_RECORDS = 5000;
/** Of their bodies, in bytes as they were sent. */
const MOST_BYTES = 8_000_000;

/** In bytes: what is longer is not looked into, as no record would hold it, and clients wait meanwhile. */
const LONGEST_BODY = 65_536;

interface Kept {
  readonly regionType: 'primary' | 'secondary';
  readonly record: RequestRecord;
  readonly bytes: number;
}

/**
 * The newest requests that functions have served, for a replay: what the contract declares of them, and no secret (see {@link recordOf}), as the
 * functions themselves record on AWS. Requests of a replay are not among them.
 */
export class RecordedRequests {
  readonly #parts: ReadonlyMap<string, RecordedParts>;
  readonly #secrets: readonly string[];
  readonly #kept: Kept[] = [];
  #bytes = 0;

  /** @param secrets - names whose values are not recorded, beside callers' credentials */
  constructor(secrets: readonly string[] = []) {
    this.#secrets = secrets;
    this.#parts = new Map(
      operations.flatMap((operation) => {
        const parts = recordedParts(operation);
        return parts ? [[`${operation.api} ${operation.method} ${operation.path}`, parts] as const] : [];
      }),
    );
  }

  /** @param route - of the exchange, which has its response: `GET /user/{id}` */
  add(regionType: Kept['regionType'], kind: 'http' | 'rest', exchange: Exchange, route: string): void {
    const { facts, request, body, integration } = exchange;
    const parts = this.#parts.get(`${kind} ${route}`);
    // What the gateway refused by itself no function has seen.
    if (parts === undefined || integration === undefined || facts.stage === PREVIEW) return;
    if (request.headers[REPLAY_HEADER] !== undefined) return;
    const seen = {
      environment: facts.stage,
      path: exchange.pathParameters,
      query: exchange.query.single,
      header: (name: string) => request.headers[name]?.toString(),
      body: () => parse(body),
      status: exchange.status,
    };
    const record = recordOf(parts, seen, this.#secrets);
    const bytes = record.body === undefined ? 0 : body.length;
    this.#kept.push({ regionType, record, bytes });
    this.#bytes += bytes;
    if (this.#kept.length > MOST_RECORDS * 1.5 || this.#bytes > MOST_BYTES * 1.5) this.#trim();
  }

  /** Those of an environment, oldest first. @param since - milliseconds since the epoch */
  of(environment: string, since: number): readonly (RequestRecord & Pick<Kept, 'regionType'>)[] {
    return this.#kept
      .filter(({ record }) => record.environment === environment && record.time >= since)
      .map(({ regionType, record }) => ({ regionType, ...record }));
  }

  #trim(): void {
    let gone = 0;
    while (this.#kept.length - gone > MOST_RECORDS || this.#bytes > MOST_BYTES) {
      this.#bytes -= this.#kept[gone]?.bytes ?? 0;
      gone += 1;
    }
    this.#kept.splice(0, gone);
  }
}

/** One process serves everybody here: what takes long to parse is not parsed. @throws Error for what is not recorded */
function parse(body: Buffer): unknown {
  if (body.length > LONGEST_BODY) throw new Error(`A body of ${body.length} bytes is not recorded.`);
  const text = body.toString();
  const excess = describeExcess(text);
  if (excess !== undefined) throw new Error(excess);
  return JSON.parse(text);
}
