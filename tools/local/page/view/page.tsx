import { Explorer } from './explorer/explorer.tsx';
import { Log } from './log.tsx';
import { Metrics } from './measured/metrics.tsx';
import { Tables } from './measured/tables.tsx';
import { Tabs } from './parts/tabs.tsx';
import { Commands, UnderWay } from './region/commands.tsx';
import { Region } from './region/region.tsx';
import { Requests } from './requests/requests.tsx';
import { usePageState } from './state/store.ts';
import { secondOfDay } from './state/words.ts';
import { Traffic } from './traffic/traffic.tsx';

/** All of it: what runs, where traffic goes, what happens. */
export function Page() {
  const state = usePageState();
  const { status, stage, notice, longCommand, ended } = state;
  if (!status || !stage) return <p class="alone">{ended ?? 'Connecting to the runtime …'}</p>;
  return (
    <>
      <header>
        <h1>
          {stage.stage} <span class="dim">in two regions on this machine</span>
        </h1>
        <p role="status" class={ended ? 'bad' : 'dim'}>
          {ended ?? `running since ${secondOfDay(stage.startedAt)}`}
          {status.timeScale === 1 ? '' : `, health checks and DNS ${status.timeScale} times as fast`}
        </p>
        <Commands commands={stage.commands} />
      </header>
      {notice && (
        <section class={notice.isMistake ? 'notice mistake' : 'notice'} aria-label="What was saved last">
          <span class="dim">{secondOfDay(notice.time)}</span> <pre>{notice.lines.join('\n')}</pre>
        </section>
      )}
      {longCommand && <UnderWay {...longCommand} />}
      <main>
        <div class="system">
          <Traffic status={status} stage={stage} rates={state.rates} />
          <div class="regions">
            <Region type="primary" state={state} />
            <Region type="secondary" state={state} />
          </div>
        </div>
        <div class="happening">
          <Tabs
            label="What happens"
            tabs={[
              { name: 'Requests', view: () => <Requests events={state.events} leftOut={state.leftOut} /> },
              { name: 'Explorer', view: (isOpen) => <Explorer stage={stage} isOpen={isOpen} /> },
              { name: 'Tables', view: (isOpen) => <Tables isOpen={isOpen} /> },
              { name: 'Metrics and alarms', view: (isOpen) => <Metrics isOpen={isOpen} /> },
            ]}
          />
          <Log events={state.events} />
        </div>
      </main>
      <footer class="dim">
        The same on the command line: <code>npx two-region status --local</code>,{' '}
        <code>npx two-region local logs --follow</code>
      </footer>
    </>
  );
}
