import { useState } from 'preact/hooks';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import { clearEvents, type Numbered } from './store.ts';
import { fieldsOf, timeOfDay } from './words.ts';

const KINDS = ['access', 'function', 'health', 'dns', 'entry', 'control', 'alarm', 'warning'] as const;
const MOST_LINES = 200;

/** What the runtime logs, newest first, by kind and text. */
export function Log({ events }: { readonly events: readonly Numbered[] }) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set(['access']));
  const [filter, setFilter] = useState('');
  const toggle = (kind: string) => {
    const next = new Set(hidden);
    if (!next.delete(kind)) next.add(kind);
    setHidden(next);
  };
  const lines = events
    .filter(({ event }) => !hidden.has(event.kind) && textOf(event).includes(filter))
    .slice(0, MOST_LINES);
  return (
    <section aria-label="Log">
      <h2>
        Log
        <label class="filter">
          <span class="hidden">Show lines that hold</span>
          <input
            type="search"
            placeholder="text"
            value={filter}
            onInput={({ currentTarget }) => setFilter(currentTarget.value)}
          />
        </label>
        <button type="button" onClick={clearEvents}>
          Clear
        </button>
      </h2>
      <fieldset class="kinds">
        <legend class="hidden">Kinds of lines</legend>
        {KINDS.map((kind) => (
          <label key={kind}>
            <input type="checkbox" checked={!hidden.has(kind)} onChange={() => toggle(kind)} /> {kind}
          </label>
        ))}
      </fieldset>
      {lines.length === 0 ? (
        <p class="dim">Nothing of these kinds yet. A failed region, a switch and functions' own lines show here.</p>
      ) : (
        <div class="scroll lines" role="log" tabIndex={0} aria-label="Log lines">
          {lines.map(({ number, event }) => (
            <Line key={number} event={event} />
          ))}
        </div>
      )}
    </section>
  );
}

/** One event, in a line; what an exception adds stands below it. */
export function Line({ event }: { readonly event: RuntimeEvent }) {
  const isBad =
    event.kind === 'warning' ||
    (event.kind === 'health' && event.status === 'unhealthy') ||
    (event.kind === 'alarm' && event.state === 'ALARM');
  return (
    <div class="line">
      <span class="dim number">{timeOfDay(event.time)}</span>
      <span class={isBad ? 'bad kind' : 'kind'}>{event.kind}</span>
      <span class="text">{textOf(event)}</span>
    </div>
  );
}

function textOf(event: RuntimeEvent): string {
  switch (event.kind) {
    case 'access':
      return `${event.region} ${event.environment} ${event.line}`;
    case 'function':
      return `${event.region} ${event.environment} ${event.logGroup.replace('/aws/lambda/', '')} ${functionText(event.line)}`;
    case 'health':
      return `${event.healthCheck} is ${event.status}: ${event.reason}`;
    case 'dns':
      return `${event.name} is answered with ${event.to}`;
    case 'entry':
      return `${event.name} leads to ${event.to}, no longer to ${event.from}`;
    case 'control':
      return controlText(event);
    case 'alarm':
      return `${event.awsRegion} ${event.name} is ${event.state}: ${event.reason}`;
    case 'warning':
      return event.message;
  }
}

function functionText(line: string): string {
  const { level, message, error } = fieldsOf(line);
  if (typeof message !== 'string') return line.trimEnd();
  const stack = Object(error).stack;
  return `${level ?? ''} ${message}${typeof stack === 'string' ? `\n${stack}` : ''}`;
}

function controlText(event: Extract<RuntimeEvent, { kind: 'control' }>): string {
  switch (event.action) {
    case 'move':
      return `${event.part} leads to ${event.to}, no longer to ${event.from}`;
    case 'deploy':
      return `${event.environment} has a new release`;
    case 'fail':
      return `${event.region} fails: ${event.failure?.part ?? 'region'}, ${event.failure?.mode.kind ?? 'refuse'}`;
    case 'recover':
      return `${event.region} recovers`;
    case 'partition':
      return 'the regions cannot reach each other';
    case 'heal':
      return 'the regions reach each other again';
  }
}
