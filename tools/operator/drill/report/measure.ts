import { KEPT_SECONDS } from '#operator/drill/drill-place.ts';
import type { Connection, Sent } from '#operator/drill/load/load.ts';
import type { Observation } from '#operator/drill/scenario/observation.ts';
import type { Counts, Measure } from './report-schema.ts';

type Range = NonNullable<Measure['predicted']>;

/** The figures of a scenario, each beside what was predicted of it. */
export function measuresOf(observation: Observation): readonly Measure[] {
  const { marks, moves, prediction, predictedReturn, timeScale, failback } = observation;
  const { fault, recovered, routedBack } = marks;
  const since = (from: number | undefined, until: number | undefined) =>
    from === undefined || until === undefined ? null : rounded(((until - from) / 1000) * timeScale);
  const scaled = ({ atLeast, atMost }: Range): Range => ({
    atLeast: rounded(atLeast * timeScale),
    atMost: rounded(atMost * timeScale),
  });
  const predicted = prediction?.noticed === true ? prediction : undefined;
  const notice = predicted ? scaled(predicted.notice) : null;
  const recovery = predicted ? scaled(predicted.recovery) : null;
  // What is refused is connected anew at once; what is silent stays until the connection's greatest age.
  const keptSeconds = predicted?.fault === 'refused' ? 0 : KEPT_SECONDS;
  const forKept = recovery && { atLeast: recovery.atLeast, atMost: recovery.atMost + keptSeconds };
  const failover: readonly Measure[] = moves
    ? [
        {
          id: 'noticed',
          what: 'the health checks noticed',
          seconds: since(fault, marks.noticed),
          from: 'fault',
          predicted: notice,
        },
        {
          id: 'dns',
          what: 'Route 53 answered with the other region',
          seconds: since(fault, marks.dns),
          from: 'fault',
          predicted: notice,
        },
        {
          id: 'moved',
          what: 'the last cached DNS answer had run out',
          seconds: since(fault, marks.moved),
          from: 'fault',
          predicted: recovery,
        },
        {
          id: 'new',
          what: 'clients on new connections were served',
          seconds: since(fault, servedAgain(observation, 'new')),
          from: 'fault',
          predicted: recovery,
        },
        {
          id: 'kept',
          what: 'clients on kept connections were served',
          seconds: since(fault, servedAgain(observation, 'kept')),
          from: 'fault',
          predicted: forKept,
        },
      ]
    : [];
  const held: readonly Measure[] =
    moves && failback === 'manual'
      ? [
          {
            id: 'held',
            what: 'traffic was held where it had gone',
            seconds: since(fault, marks.held),
            from: 'fault',
            predicted: null,
          },
        ]
      : [];
  const back: readonly Measure[] = moves
    ? [
        {
          id: 'healthy',
          what: 'the health checks were healthy again',
          seconds: since(recovered, marks.healthy),
          from: 'recovery',
          predicted: null,
        },
        {
          id: 'returned',
          what: 'traffic was back in the primary region',
          seconds: since(failback === 'manual' ? routedBack : recovered, marks.returned),
          from: failback === 'manual' ? 'route-back' : 'recovery',
          predicted: predictedReturn && scaled(predictedReturn),
        },
      ]
    : [];
  const level: Measure = {
    id: 'level',
    what: 'every acknowledged write was found in both regions',
    seconds: since(recovered, marks.level),
    from: 'recovery',
    predicted: null,
  };
  const unseen = observation.isFromOutside ? ['noticed', 'dns'] : [];
  return [...failover, ...held, ...back, level].filter(({ id }) => !unseen.includes(id));
}

/**
 * When the clients of a kind were served again for good: the end of the first request that went well, of those sent after the last one that failed, was
 * refused, or was slow in the region that failed. Milliseconds since the epoch.
 *
 * @returns undefined: never, before what failed responded again
 */
function servedAgain(
  { sent, marks, isFromOutside }: Pick<Observation, 'isFromOutside' | 'marks' | 'sent'>,
  connection: Connection,
): number | undefined {
  const { fault = 0, recovered = Number.POSITIVE_INFINITY } = marks;
  const own = sent
    .filter((each) => each.connection === connection && each.at >= fault && each.at < recovered)
    .toSorted((one, other) => one.at - other.at);
  if (isFromOutside) {
    const failed = own.findLastIndex(({ outcome }) => outcome === 'failed');
    const next = own[failed + 1];
    return failed < 0 && next ? fault : next && next.at + next.milliseconds;
  }
  const last = own.findLastIndex(({ outcome, region }) => outcome !== 'ok' && region !== 'secondary');
  const good = own.slice(last + 1).find(({ outcome, region }) => outcome === 'ok' && region === 'secondary');
  return good && good.at + good.milliseconds;
}

/** How many requests of each kind there were, and what came of them. */
export function countBy(sent: readonly Sent[]): Record<string, Counts> {
  const all: Record<string, Counts> = { new: NONE, kept: NONE };
  for (const each of sent) all[each.connection] = counted(all[each.connection] ?? NONE, each);
  return all;
}

const NONE: Counts = { sent: 0, ok: 0, slow: 0, failed: 0, refused: 0 };
/** Points of a chart. */
const BUCKETS = 90;
const LEAST_BUCKET_MILLISECONDS = 200;

/** The requests at the public names over time. Seconds are AWS's. */
export function seriesOf({ sent, marks, timeScale }: Observation) {
  const { begun, ended = begun } = marks;
  const size = Math.max(LEAST_BUCKET_MILLISECONDS, (ended - begun) / BUCKETS);
  const number = Math.max(1, Math.ceil((ended - begun) / size));
  const buckets = Array.from({ length: number }, (_, index) => ({
    seconds: rounded(((index * size) / 1000) * timeScale),
    new: NONE,
    kept: NONE,
  }));
  for (const each of sent) {
    const bucket = buckets[Math.floor((each.at - begun) / size)];
    if (bucket === undefined) continue;
    if (each.connection === 'new') bucket.new = counted(bucket.new, each);
    if (each.connection === 'kept') bucket.kept = counted(bucket.kept, each);
  }
  return { bucketSeconds: rounded((size / 1000) * timeScale), buckets };
}

function counted(counts: Counts, { outcome }: Sent): Counts {
  return { ...counts, sent: counts.sent + 1, [outcome]: counts[outcome] + 1 };
}

/** Tenths say enough. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
