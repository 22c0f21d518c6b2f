import { useState } from 'preact/hooks';
import { Filter } from './parts/filter.tsx';
import { Line, textOf } from './parts/line.tsx';
import { clearEvents, type Numbered } from './state/store.ts';

const KINDS = ['access', 'function', 'health', 'dns', 'entry', 'control', 'alarm', 'waf', 'warning'] as const;
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
        <Filter label="Show lines that hold" placeholder="text" value={filter} onChange={setFilter} />
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
