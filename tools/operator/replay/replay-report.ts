import type { Operation } from '#contract/operation.ts';
import { PREVIEW } from '#functions/environment.ts';
import type { RegionType } from '#stacks/context.ts';
import type { Verdict } from './ask-environments.ts';
import type { ChosenRequest, SkippedRequests } from './choose-requests.ts';
import { shownValue } from './compare-responses.ts';
import type { RecordedRequest } from './replay-place.ts';

/** One request that differed. */
interface DifferentRequest {
  /** `GET /user/a1B2c3D4`. */
  readonly request: string;
  readonly regionType: RegionType;
  readonly differences: readonly { readonly at: string; readonly from: string; readonly to: string }[];
}

/** What came of an operation's requests. */
export interface ReplayedOperation extends Readonly<Record<Verdict['kind'], number>> {
  readonly operation: string;
  /** Environment that was asked: the one that is tried, or `preview`. */
  readonly sentTo: string;
  /** The first that differed. */
  readonly examples: readonly DifferentRequest[];
}

export interface ReplayReport {
  readonly stage: string;
  readonly from: string;
  readonly to: string;
  /** ISO 8601. */
  readonly since: string;
  readonly seconds: number;
  /** Requests that were found; those that differ from each other and can be sent; those that were sent. */
  readonly requests: { readonly recorded: number; readonly different: number; readonly sent: number };
  readonly operations: readonly ReplayedOperation[];
  readonly skipped: readonly SkippedRequests[];
  readonly allowed: number;
  /** Whether more differ than may, or nothing could be compared. */
  readonly isDifferent: boolean;
  /** What could not be read or sent. */
  readonly remarks: readonly string[];
}

/** A request that was sent once more. */
export interface Replayed extends ChosenRequest {
  readonly verdict: Verdict;
}

/** Of each operation. */
const MOST_EXAMPLES = 3;

/** What came of requests, operation by operation. @param secrets - names whose values are not shown, whatever is asked for */
export function countVerdicts(
  results: readonly Replayed[],
  { to, showsValues = false }: { readonly to: string; readonly showsValues?: boolean | undefined },
  secrets: readonly string[],
): readonly ReplayedOperation[] {
  const hidden = new Set(secrets.map((name) => name.toLowerCase()));
  const shown = (at: string, value: unknown): string => {
    // Statuses and media types are no client's data.
    if (at === 'status' || at === 'header content-type') return value === undefined ? 'nothing' : String(value);
    const isSecret = at.split(/[ .]/).some((name) => hidden.has(name.toLowerCase()));
    return shownValue(value, showsValues && !isSecret);
  };
  const ids = [...new Set(results.map(({ operation }) => operation.id))];
  return ids.map((id) => {
    const own = results.filter(({ operation }) => operation.id === id);
    const of = (kind: Verdict['kind']) => own.filter(({ verdict }) => verdict.kind === kind).length;
    const examples = own.flatMap(({ operation, record, verdict }): readonly DifferentRequest[] => {
      if (verdict.kind !== 'different') return [];
      const differences = verdict.differences.map(({ at, from, to }) => ({
        at,
        from: shown(at, from),
        to: shown(at, to),
      }));
      return [{ request: lineOf(operation, record, showsValues), regionType: record.regionType, differences }];
    });
    return {
      operation: id,
      sentTo: own[0]?.to === 'preview' ? PREVIEW : to,
      equal: of('equal'),
      different: of('different'),
      refused: of('refused'),
      unsteady: of('unsteady'),
      throttled: of('throttled'),
      unanswered: of('unanswered'),
      examples: examples.slice(0, MOST_EXAMPLES),
    };
  });
}

/** `GET /user/a1B2c3D4`, `GET /events?date=…`: a REST API's access log has the path, none has the query. */
function lineOf({ method, path }: Operation, { path: values, query }: RecordedRequest, showsValues: boolean): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const names = Object.keys(query).map((name) => `${encodeURIComponent(name)}=…`);
  const text = showsValues ? new URLSearchParams(query).toString() : names.join('&');
  return `${method} ${filled}${text && '?'}${text}`;
}
