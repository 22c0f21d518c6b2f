import type { RuntimeStatus } from '#local/control/protocol.ts';
import { useClock } from '#local/page/view/state/store.ts';
import { duration, range } from '#local/page/view/state/words.ts';

/** What is expected to happen, each with a clock that runs against the time that it was predicted to take. */
export function Clocks({ status }: { readonly status: RuntimeStatus }) {
  const waiting = waits(status);
  const now = useClock(waiting.length > 0);
  return (
    <>
      {waiting.map(({ key, text, from, range: predicted }) => {
        const elapsed = Math.max(0, now - from);
        return (
          <div key={key} class="clock" role="timer">
            <p>
              {text} <strong class="number">{duration(elapsed)}</strong>
              {predicted && ` of ${range(predicted)} predicted`}
            </p>
            {predicted && <Gauge seconds={elapsed / 1000} predicted={predicted} />}
          </div>
        );
      })}
    </>
  );
}

interface Range {
  readonly atLeast: number;
  readonly atMost: number;
}

/** The time that has passed, above the time within which it was predicted. */
function Gauge({ seconds, predicted: { atLeast, atMost } }: { readonly seconds: number; readonly predicted: Range }) {
  const scale = 100 / Math.max(atMost * 1.1, seconds, 0.001);
  return (
    <svg class="gauge" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="predicted" x={atLeast * scale} width={Math.max(0.5, (atMost - atLeast) * scale)} height="8" />
      <rect class="elapsed" width={Math.min(100, seconds * scale)} y="2" height="4" />
    </svg>
  );
}

interface Wait {
  readonly key: string;
  readonly text: string;
  readonly from: number;
  readonly range?: Range;
}

function waits({ regions, entries, predicted }: RuntimeStatus): readonly Wait[] {
  return (['primary', 'secondary'] as const).flatMap((type): Wait[] => {
    const { failed, failures, since, healthChecks } = regions[type];
    const all = (wanted: string) => healthChecks.every(({ status }) => status === wanted);
    if (!failed) {
      if (all('healthy')) return [];
      const range = predicted.refused.notice;
      return [{ key: type, text: `${type} has recovered; until its health checks say so:`, from: since, range }];
    }
    const prediction = failures.at(-1)?.prediction;
    if (!prediction?.noticed) {
      return prediction ? [{ key: type, text: `No health check notices: ${prediction.reason}.`, from: since }] : [];
    }
    if (!all('unhealthy')) {
      return [
        { key: type, text: `${type} has failed; until a health check notices:`, from: since, range: prediction.notice },
      ];
    }
    if (!entries.some(({ region }) => region === type)) return [];
    return [
      { key: type, text: `${type} is unhealthy; until clients follow:`, from: since, range: prediction.recovery },
    ];
  });
}
