import { useEffect, useState } from 'preact/hooks';
import type { CallOutcome, OfferedOperation, StageMessage } from '#local/page/messages.ts';
import { Trace } from '#local/page/view/requests/trace.tsx';
import { callOperation, operations } from '#local/page/view/state/connection.ts';
import { duration } from '#local/page/view/state/words.ts';

interface Draft {
  readonly operation: OfferedOperation;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const PUBLIC = 'the public name';

/** Calls operations of the contract, each with an example to begin with. Key and signature are added by the page's server. */
export function Explorer({ stage, isOpen }: { readonly stage: StageMessage; readonly isOpen: boolean }) {
  const [offered, setOffered] = useState<readonly OfferedOperation[]>([]);
  const [draft, setDraft] = useState<Draft>();
  const [place, setPlace] = useState(PUBLIC);
  const [outcome, setOutcome] = useState<CallOutcome | Error>();
  const [isBusy, setBusy] = useState(false);
  const isWanted = isOpen && offered.length === 0;
  useEffect(() => {
    if (!isWanted) return;
    void operations().then((all) => {
      setOffered(all);
      setDraft(draftOf(all[0]));
    });
  }, [isWanted]);
  if (!draft) return <p class="dim">Reading the contract …</p>;
  const { operation, target, body } = draft;
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setOutcome(undefined);
    const [region, env] = place === PUBLIC ? [] : place.split(' ');
    const asked = { method: operation.method, target, headers: draft.headers, ...(body.trim() !== '' && { body }) };
    setOutcome(await callOperation({ ...asked, ...(region && { region }), ...(env && { env }) }).catch(errorOf));
    setBusy(false);
  };
  const choose = (next: OfferedOperation | undefined, example = 0) => {
    setDraft(draftOf(next, example) ?? draft);
    setOutcome(undefined);
  };
  return (
    <form class="explorer" onSubmit={(event) => void send(event)}>
      <div class="fields">
        <label>
          Operation
          <select
            value={operation.id}
            onChange={({ currentTarget }) => choose(offered.find(({ id }) => id === currentTarget.value))}
          >
            {offered.map(({ id, method, path, summary }) => (
              <option key={id} value={id}>
                {method} {path}: {summary}
              </option>
            ))}
          </select>
        </label>
        {operation.examples.length > 1 && (
          <label>
            Example
            <select onChange={({ currentTarget }) => choose(operation, currentTarget.selectedIndex)}>
              {operation.examples.map(({ summary, status }, at) => (
                <option key={at}>
                  {summary} ({status})
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          Sent to
          <select value={place} onChange={({ currentTarget }) => setPlace(currentTarget.value)}>
            {[PUBLIC, ...placesOf(stage)].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
      </div>
      <div class="fields">
        <label class="grow">
          Path and query
          <input
            type="text"
            class="code"
            value={target}
            onInput={({ currentTarget }) => setDraft({ ...draft, target: currentTarget.value })}
          />
        </label>
        <span class="dim access">{operation.access}</span>
        <button type="submit" disabled={isBusy}>
          {isBusy ? 'Under way …' : `Send ${operation.method}`}
        </button>
      </div>
      {operation.method !== 'GET' && (
        <label>
          Body, JSON
          <textarea
            class="code"
            rows={5}
            value={body}
            onInput={({ currentTarget }) => setDraft({ ...draft, body: currentTarget.value })}
          />
        </label>
      )}
      {outcome === undefined ? (
        <p class="dim">The response shows here, with its way.</p>
      ) : (
        <Outcome outcome={outcome} />
      )}
    </form>
  );
}

function draftOf(operation: OfferedOperation | undefined, at = 0): Draft | undefined {
  const example = operation?.examples[at];
  if (!operation) return undefined;
  const { target = operation.path, headers = {}, body = '' } = example ?? {};
  return { operation, target, headers, body };
}

/** `secondary envB`, of each environment in each region. */
const placesOf = ({ environments }: StageMessage): readonly string[] =>
  ['primary', 'secondary'].flatMap((region) => environments.map(({ name }) => `${region} ${name}`));

const errorOf = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function Outcome({ outcome }: { readonly outcome: CallOutcome | Error }) {
  if (outcome instanceof Error) {
    return (
      <pre role="status" class="bad">
        {outcome.message}
      </pre>
    );
  }
  const { status, milliseconds, line, body, requestId } = outcome;
  return (
    <>
      <p role="status">
        <strong class={status < 400 ? 'good' : status < 500 ? 'warn' : 'bad'}>{status}</strong> in{' '}
        {duration(milliseconds)} <code class="dim">{line}</code>
      </p>
      <pre class="well">{pretty(body)}</pre>
      {requestId !== '' && <Trace key={requestId} requestId={requestId} />}
    </>
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
