import type { RuntimeStatus } from '#local/control/protocol.ts';
import { type PageState, useClock } from './store.ts';
import { duration, range, rate, timeOfDay } from './words.ts';

/** Where the public names lead, why, and when that will change. */
export function Entries({ status, rates }: { readonly status: RuntimeStatus; readonly rates: PageState['rates'] }) {
  const waiting = waits(status);
  const now = useClock(waiting.length > 0);
  const newest = {
    primary: rates.primary.at(-1) ?? 0,
    secondary: rates.secondary.at(-1) ?? 0,
  };
  return (
    <section class="entries" aria-label="Where traffic goes">
      {status.entries.map(({ name, url, region, since, ttlSeconds }) => (
        <p key={name}>
          <a href={url} target="_blank" rel="noreferrer">
            {name}
          </a>
          <Arrow isFlowing={region !== null && newest[region] > 0} />
          <strong class={region === 'primary' ? 'good' : 'warn'}>
            {region === null ? 'nowhere' : `${region} · ${status.regions[region].region}`}
          </strong>
          <span class="dim">
            since {timeOfDay(since)}, kept by resolvers for {ttlSeconds} s
            {region === null ? '' : `, ${rate(newest[region])} requests/s in the region`}
          </span>
        </p>
      ))}
      {waiting.map(({ key, text, from, range: predicted }) => (
        <p key={key} class="clock" role="timer">
          {text} <strong>{duration(Math.max(0, now - from))}</strong>
          {predicted && ` of ${range(predicted)} predicted`}
        </p>
      ))}
    </section>
  );
}

interface Wait {
  readonly key: string;
  readonly text: string;
  readonly from: number;
  readonly range?: { readonly atLeast: number; readonly atMost: number };
}

/** What is expected to happen, with the time that it was predicted to take. */
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

function Arrow({ isFlowing }: { readonly isFlowing: boolean }) {
  return (
    <svg class={isFlowing ? 'arrow flowing' : 'arrow'} width="64" height="10" viewBox="0 0 64 10" aria-hidden="true">
      <path d="M0 5H56" />
      <path class="head" d="M54 1l8 4-8 4z" />
    </svg>
  );
}
