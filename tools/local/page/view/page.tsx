import { Commands } from './commands.tsx';
import { Entries } from './entries.tsx';
import { Log } from './log.tsx';
import { Region } from './region.tsx';
import { Requests } from './requests.tsx';
import { usePageState } from './store.ts';
import { duration, timeOfDay } from './words.ts';

/** All of it: what runs, where traffic goes, what happens. */
export function Page() {
  const state = usePageState();
  const { status, stage, notice, ended } = state;
  if (!status || !stage) return <p class="alone">{ended ?? 'Connecting to the runtime …'}</p>;
  return (
    <>
      <header>
        <h1>
          {stage.stage} <span class="dim">in two regions on this machine</span>
        </h1>
        <p role="status" class={ended ? 'bad' : 'dim'}>
          {ended ?? `running since ${timeOfDay(stage.startedAt)}`}
          {status.timeScale === 1 ? '' : `, health checks and DNS ${status.timeScale} times as fast`}
        </p>
        <Commands commands={stage.commands} />
      </header>
      {notice && (
        <section class={notice.isMistake ? 'notice mistake' : 'notice'} aria-label="What was saved last">
          <span class="dim">{timeOfDay(notice.time)}</span> <pre>{notice.lines.join('\n')}</pre>
        </section>
      )}
      <main>
        <Entries status={status} rates={state.rates} />
        <div class="regions">
          <Region type="primary" state={state} />
          <Region type="secondary" state={state} />
        </div>
        <Requests events={state.events} leftOut={state.leftOut} />
        <Log events={state.events} />
      </main>
      <footer class="dim">
        Replication arrives {duration(status.replicationLagMilliseconds)} later
        {status.partitioned ? '; the regions cannot reach each other' : ''}. The same on the command line: npx
        two-region status --local, npx two-region local logs --follow.
      </footer>
    </>
  );
}
