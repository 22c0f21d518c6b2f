import type { RuntimeStatus } from '#local/control/protocol.ts';
import type { RegionType } from '#local/model/model.ts';
import type { StageMessage } from '#local/page/messages.ts';
import type { PageState } from '#local/page/view/state/store.ts';
import { duration, rate, secondOfDay } from '#local/page/view/state/words.ts';
import { Clocks } from './clock.tsx';
import { Replication } from './replication.tsx';

interface TrafficProps {
  readonly status: RuntimeStatus;
  readonly stage: StageMessage;
  readonly rates: PageState['rates'];
}

const REGIONS = ['primary', 'secondary'] as const;

/** Where the public names lead, why, and when that will change; requests run along the arrows. */
export function Traffic({ status, stage, rates }: TrafficProps) {
  const { entries, regions, replicationLagMilliseconds, partitioned } = status;
  const isGone = (type: RegionType) => regions[type].failures.some(({ part }) => part === 'region');
  const isHeld = partitioned || isGone('primary') || isGone('secondary');
  const newest = { primary: rates.primary.at(-1) ?? 0, secondary: rates.secondary.at(-1) ?? 0 };
  return (
    <section class="traffic" aria-label="Where traffic goes">
      <div class="map">
        <ul class="plain names">
          {entries.map(({ name, url, region, since, ttlSeconds }) => (
            <li key={name}>
              <a href={url} target="_blank" rel="noreferrer">
                {name}
              </a>
              <span class="dim">
                to {region ?? 'nowhere'}
                <span class="wide">
                  {' '}
                  since {secondOfDay(since)}, TTL {ttlSeconds} s
                </span>
              </span>
            </li>
          ))}
        </ul>
        <Arrows status={status} newest={newest} />
        <div class="places">
          {REGIONS.map((type) => {
            const isUsed = entries.some(({ region }) => region === type);
            return (
              <div key={type} class={`place ${isUsed ? 'used' : ''} ${regions[type].failed ? 'failed' : ''}`}>
                <strong class={regions[type].failed ? 'bad' : isUsed ? 'good' : undefined}>
                  {type}
                  <span class="wide"> · {regions[type].region}</span>
                </strong>
                <span class="dim">
                  {liveIn(stage, type)} · <span class="number">{rate(newest[type])}/s</span>
                </span>
              </div>
            );
          })}
          <p class={isHeld ? 'link bad' : 'link dim'}>
            {isHeld ? '↕ replication waits' : `↕ replication ${duration(replicationLagMilliseconds)}`}
          </p>
        </div>
      </div>
      <p class="dim">{whyNow(status)}</p>
      <Clocks status={status} />
      <Replication status={status} />
    </section>
  );
}

/** The environments that the public names lead to in a region. */
function liveIn({ environments }: StageMessage, type: RegionType): string {
  const live = environments.filter(({ regions }) => regions[type].live).map(({ name }) => name);
  return live.length === 0 ? 'no environment' : live.join(', ');
}

/** Where clients are led, and what decided it. */
function whyNow({ active, entries, regions }: RuntimeStatus): string {
  const checks = REGIONS.map((type) => {
    const bad = regions[type].healthChecks.find(({ status }) => status === 'unhealthy');
    return bad ? `${type} is unhealthy (${bad.reason})` : `${type} is healthy`;
  });
  const used = REGIONS.filter((type) => entries.some(({ region }) => region === type));
  const where = used.length === 0 ? 'nowhere' : `to ${used.join(' and ')}`;
  const isWell = active !== null && checks[REGIONS.indexOf(active)] === `${active} is healthy`;
  const isKeptAway = isWell && used.length > 0 && !used.includes(active);
  const why = isKeptAway ? ' Until the TTL is over, or, where traffic is held, until Route back.' : '';
  return `Names lead ${where}: ${checks.join(', ')}.${why}`;
}

/** Middle of a region's box, in percent of the map's height. */
const MIDDLE = { primary: 20.6, secondary: 79.4 };

/** From each name to each region; the one that clients are led along is drawn through, and moves while requests come. */
function Arrows(props: { readonly status: RuntimeStatus; readonly newest: Readonly<Record<RegionType, number>> }) {
  const { status, newest } = props;
  const { entries, regions } = status;
  const wayOf = (type: RegionType) =>
    regions[type].failed ? 'used failing' : newest[type] > 0 ? 'used flowing' : 'used';
  return (
    <svg class="arrows" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      {entries.flatMap(({ name, region }, at) =>
        REGIONS.map((type) => {
          const from = ((at + 0.5) * 100) / entries.length;
          const to = MIDDLE[type];
          const way = region === type ? wayOf(type) : '';
          return <path key={`${name} ${type}`} class={way} d={`M0 ${from}C50 ${from} 50 ${to} 100 ${to}`} />;
        }),
      )}
    </svg>
  );
}
