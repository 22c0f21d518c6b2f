import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

interface Tab {
  readonly name: string;
  /** What it shows; it is kept while another one is open, with what was typed into it. */
  readonly view: (isOpen: boolean) => ComponentChildren;
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** Views that share a place. The arrow keys go from one to the next (WAI-ARIA Authoring Practices, "Tabs"). */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  const [open, setOpen] = useState(tabs[0]?.name);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    const at = tabs.findIndex(({ name }) => name === open);
    const next = tabs[(at + step + tabs.length) % tabs.length]?.name;
    setOpen(next);
    document.getElementById(`tab ${next}`)?.focus();
  };
  return (
    <section class="tabs" aria-label={label}>
      <div role="tablist" aria-label={label} class="tablist">
        {tabs.map(({ name }) => (
          <button
            key={name}
            id={`tab ${name}`}
            type="button"
            role="tab"
            aria-selected={name === open}
            tabIndex={name === open ? 0 : -1}
            onClick={() => setOpen(name)}
            onKeyDown={onKeyDown}
          >
            {name}
          </button>
        ))}
      </div>
      {tabs.map(({ name, view }) => (
        <div key={name} role="tabpanel" aria-label={name} hidden={name !== open}>
          {view(name === open)}
        </div>
      ))}
    </section>
  );
}
