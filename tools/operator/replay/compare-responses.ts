import type { Operation } from '#contract/operation.ts';

/** A response as it is compared. */
export interface ReceivedResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Something that two responses do not have alike. */
export interface Difference {
  /** `status`, `header content-type`, `body Items.0.userId`. */
  readonly at: string;
  /** Undefined where it is not there. */
  readonly from: unknown;
  readonly to: unknown;
}

/** Of one pair of responses: whoever differs in everything differs in these. */
const MOST_DIFFERENCES = 5;

/** Of what a gateway or a handler refuses; each has one of its own. */
const OF_REFUSALS = 'requestId';

/** What an operation's responses of two environments do not have alike, by the contract's rules. */
export function compareResponses(
  { replay = {} }: Pick<Operation, 'replay'>,
  from: ReceivedResponse,
  to: ReceivedResponse,
): readonly Difference[] {
  const { ignoredFields = [], comparedHeaders = [] } = replay;
  if (from.status !== to.status) return [{ at: 'status', from: from.status, to: to.status }];
  const headers = ['content-type', ...comparedHeaders].flatMap((name): readonly Difference[] => {
    const [here, there] = [from.headers[name], to.headers[name]];
    return here === there ? [] : [{ at: `header ${name}`, from: here, to: there }];
  });
  const ignored = [...ignoredFields, ...(from.status >= 400 ? [OF_REFUSALS] : [])].map((path) => path.split('.'));
  const [here, there] = [read(from.body), read(to.body)];
  return [...headers, ...differencesOf(here, there, [], ignored)].slice(0, MOST_DIFFERENCES);
}

/** What it says as JSON, or the text. */
function read(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function differencesOf(
  from: unknown,
  to: unknown,
  path: readonly string[],
  ignored: readonly (readonly string[])[],
): readonly Difference[] {
  if (ignored.some((pattern) => isAt(path, pattern))) return [];
  const [here, there] = [membersOf(from), membersOf(to)];
  if (here === undefined || there === undefined || Array.isArray(from) !== Array.isArray(to)) {
    return Object.is(from, to) ? [] : [{ at: ['body', path.join('.')].join(' ').trimEnd(), from, to }];
  }
  return [...new Set([...Object.keys(here), ...Object.keys(there)])].flatMap((name) =>
    differencesOf(here[name], there[name], [...path, name], ignored),
  );
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

function isAt(path: readonly string[], pattern: readonly string[]): boolean {
  return path.length === pattern.length && pattern.every((name, at) => name === '*' || name === path[at]);
}

/**
 * A value that differs, as a report may show it: numbers and what is or is not, of a text its length only, as clients' data may stand in it.
 *
 * @param isOpen - texts are shown, too
 */
export function shownValue(value: unknown, isOpen: boolean): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null)
    return `an object with ${Object.keys(value).join(', ') || 'nothing'}`;
  if (typeof value !== 'string') return String(value);
  if (!isOpen) return `a text of ${value.length} characters`;
  return value.length > LONGEST_SHOWN ? `${JSON.stringify(value.slice(0, LONGEST_SHOWN))} …` : JSON.stringify(value);
}

const LONGEST_SHOWN = 80;
