import type { Operation } from '#contract/operation.ts';
import { replayWay } from '#contract/replay.ts';
import type { RecordedRequest } from './replay-place.ts';

/** More is no sample any more. */
const MOST_REQUESTS = 1000;

/** A request that is sent once more. */
export interface ChosenRequest {
  readonly operation: Operation;
  readonly record: RecordedRequest;
  /** `live`: to the environment that is tried, and to the one that it was recorded on. `preview`: there alone, as it writes. */
  readonly to: 'live' | 'preview';
}

/** Requests of an operation that are sent nowhere. */
export interface SkippedRequests {
  /** Its id. */
  readonly operation: string;
  readonly requests: number;
  readonly reason: string;
}

export interface Choice {
  /** Oldest first. */
  readonly chosen: readonly ChosenRequest[];
  readonly skipped: readonly SkippedRequests[];
  /** How many different ones can be sent. */
  readonly different: number;
}

interface ChoiceOptions {
  /** Of the different requests of each operation, 0 to 1. */
  readonly share: number;
  /** Why what writes can't be tried in a region. @returns `undefined` where it can be */
  readonly previewProblem: (operation: Operation, record: RecordedRequest) => string | undefined;
  /** Why a request of this operation would only be refused. @returns `undefined` where it would not */
  readonly identityProblem: (operation: Operation) => string | undefined;
}

/**
 * Chooses what is sent once more: of each operation evenly over the time, of requests that are alike the newest one, one of each operation at
 * least, and {@link MOST_REQUESTS} of all at the most.
 */
export function chooseRequests(
  operations: readonly Operation[],
  records: readonly RecordedRequest[],
  options: ChoiceOptions,
): Choice {
  const skipped = new Map<string, SkippedRequests>();
  const byOperation = new Map<string, Map<string, ChosenRequest>>();
  for (const record of records) {
    const operation = operations.find(({ id }) => id === record.operation);
    const decided = decide(operation, record, options);
    if ('reason' in decided) {
      const { reason } = decided;
      const key = `${record.operation} ${reason}`;
      const requests = (skipped.get(key)?.requests ?? 0) + 1;
      skipped.set(key, { operation: record.operation, requests, reason });
      continue;
    }
    const alike = byOperation.get(record.operation) ?? new Map<string, ChosenRequest>();
    const key = contentOf(record);
    alike.delete(key);
    byOperation.set(record.operation, alike.set(key, decided));
  }
  const different = [...byOperation.values()].map((alike) => [...alike.values()]);
  const chosen = different
    .flatMap((requests) => evenly(requests, options.share))
    .toSorted((one, other) => one.record.time - other.record.time);
  return {
    chosen: chosen.slice(-MOST_REQUESTS),
    skipped: [...skipped.values()].toSorted((one, other) => one.operation.localeCompare(other.operation)),
    different: different.flat().length,
  };
}

function decide(
  operation: Operation | undefined,
  record: RecordedRequest,
  { previewProblem, identityProblem }: ChoiceOptions,
): ChosenRequest | { readonly reason: string } {
  if (operation === undefined) return { reason: 'the contract of this working tree has no such operation' };
  if (record.withheld.length > 0) return { reason: `what it sent is not in the record: ${record.withheld.join(', ')}` };
  const way = replayWay(operation);
  if (way.to === 'nowhere') return way;
  const reason = identityProblem(operation) ?? (way.to === 'preview' ? previewProblem(operation, record) : undefined);
  return reason === undefined ? { operation, record, to: way.to } : { reason };
}

/** Tells requests apart, whenever they were sent. */
function contentOf({ regionType, path, query, headers, body }: RecordedRequest): string {
  const sorted = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([regionType, sorted(path), sorted(query), sorted(headers), body ?? null]);
}

function evenly<T>(all: readonly T[], share: number): readonly T[] {
  const wanted = Math.ceil(all.length * share);
  return all.filter((_, at) => Math.floor(((at + 1) * wanted) / all.length) > Math.floor((at * wanted) / all.length));
}
