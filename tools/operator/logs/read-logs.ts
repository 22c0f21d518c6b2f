import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { errorReason } from '#functions/error-reason.ts';
import { type EventQuery, matcherOf } from '#local/events/event-query.ts';
import { LAMBDA_FAILURES, LEVELS } from '#local/events/level.ts';
import { unlessAbsent } from '#operator/aws/absent.ts';
import { type StageEvent, type StageLogGroup, stageEvent } from './stage-log-groups.ts';

/** Of one group in one look: more than anybody reads. */
export const MOST_EVENTS = 10_000;

/**
 * How long after a line another may come that is older, as CloudWatch Logs takes lines of several streams in. In milliseconds.
 *
 * Source: Amazon CloudWatch Logs User Guide, "CloudWatch Logs quotas": FilterLogEvents may lag behind what is written.
 */
const LATE_MILLISECONDS = 15_000;

/** What was read of log groups: oldest first. */
export interface LogsRead {
  readonly events: readonly StageEvent[];
  /** Groups that hold more than was read. */
  readonly more: readonly string[];
  /** Why groups could not be read, once per region and reason. */
  readonly problems: readonly string[];
}

/** Reads log groups again and again: each look finds what is new since the last one. */
export class LogReader {
  readonly #groups: readonly StageLogGroup[];
  readonly #clientOf: (region: string) => CloudWatchLogsClient;
  readonly #matches: (event: StageEvent) => boolean;
  readonly #patternOf: (group: StageLogGroup) => string | undefined;
  readonly #from: Map<StageLogGroup, number>;
  /** Ids of events that were told, with their times. */
  readonly #told = new Map<string, number>();

  /** @param query - `since`: of the first look */
  constructor(
    groups: readonly StageLogGroup[],
    clientOf: (region: string) => CloudWatchLogsClient,
    query: EventQuery & { readonly since: number },
  ) {
    this.#groups = groups;
    this.#clientOf = clientOf;
    this.#matches = matcherOf(query);
    this.#patternOf = (group) => filterPattern(query, group.kind);
    this.#from = new Map(groups.map((group) => [group, query.since]));
  }

  async look(): Promise<LogsRead> {
    const [events, more, problems]: [StageEvent[], string[], Set<string>] = [[], [], new Set()];
    const looks = this.#groups.map(async (group) => {
      try {
        const read = (await unlessAbsent(this.#read(group))) ?? [];
        if (read.length >= MOST_EVENTS) more.push(`${group.name} in ${group.region}`);
        events.push(...read.filter(this.#matches));
      } catch (error) {
        problems.add(`${group.region}: ${errorReason(error)}`);
      }
    });
    await Promise.all(looks);
    this.#forget();
    return { events: events.toSorted((one, other) => one.time - other.time), more, problems: [...problems] };
  }

  async #read(group: StageLogGroup): Promise<readonly StageEvent[]> {
    const startTime = this.#from.get(group) ?? 0;
    const pattern = this.#patternOf(group);
    const input = { logGroupName: group.name, startTime, ...(pattern && { filterPattern: pattern }) };
    const read: StageEvent[] = [];
    let newest = startTime + LATE_MILLISECONDS;
    for await (const page of paginateFilterLogEvents({ client: this.#clientOf(group.region) }, input)) {
      for (const { eventId = '', timestamp = 0, message = '' } of page.events ?? []) {
        newest = Math.max(newest, timestamp);
        const id = `${group.region} ${group.name} ${eventId}`;
        if (this.#told.has(id)) continue;
        this.#told.set(id, timestamp);
        read.push(stageEvent(group, timestamp, message));
      }
      if (read.length >= MOST_EVENTS) break;
    }
    this.#from.set(group, newest - LATE_MILLISECONDS);
    return read;
  }

  /** No look finds events before its begin again. */
  #forget(): void {
    const from = Math.min(...this.#from.values());
    for (const [id, time] of this.#told) if (time < from) this.#told.delete(id);
  }
}

/**
 * What CloudWatch Logs may leave out by itself; what it lets through is still held against the query.
 *
 * Source: Amazon CloudWatch Logs User Guide, "Filter pattern syntax": terms in quotes must all be there, of terms with `?` one.
 */
export function filterPattern(
  { requestId, traceId, level }: EventQuery,
  kind: StageLogGroup['kind'],
): string | undefined {
  // An HTTP API's access log names no trace, so that what it logged of one is not found.
  const ids = [requestId, traceId?.replace(/^Root=/i, '')].filter((id) => id !== undefined);
  if (ids.length > 0) return ids.map((id) => JSON.stringify(id)).join(' ');
  if (level === undefined || level === 'DEBUG' || level === 'INFO') return undefined;
  const isError = level !== 'WARN';
  if (kind === 'access') return isError ? '{ $.status = "5*" }' : '{ ($.status = "4*") || ($.status = "5*") }';
  const levels = LEVELS.slice(LEVELS.indexOf(level));
  return [...levels, ...LAMBDA_FAILURES].map((term) => `?"${term}"`).join(' ');
}
