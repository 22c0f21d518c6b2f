import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import { Filter } from '#local/page/view/parts/filter.tsx';
import type { Numbered } from '#local/page/view/state/store.ts';
import { fieldsOf, timeOfDay } from '#local/page/view/state/words.ts';
import { Trace } from './trace.tsx';

const MOST_ROWS = 100;

/** The last requests; one that is opened shows its way. */
export function Requests({ events, leftOut }: { readonly events: readonly Numbered[]; readonly leftOut: number }) {
  const [filter, setFilter] = useState('');
  const [open, setOpen] = useState<string>();
  const requests = events
    .flatMap(({ number, event }) => (event.kind === 'access' ? [{ number, event, ...read(event.line) }] : []))
    .filter(({ event, route, status }) => `${event.region} ${event.environment} ${status} ${route}`.includes(filter))
    .slice(0, MOST_ROWS);
  return (
    <section aria-label="Requests" class="requests">
      <h2>
        <Filter
          label="Show requests that hold"
          placeholder="primary envA 500 /user"
          value={filter}
          onChange={setFilter}
        />
        {leftOut > 0 && <span class="dim">{leftOut.toLocaleString('en')} more came too fast to be shown</span>}
      </h2>
      {requests.length === 0 ? (
        <p class="dim">
          {filter === ''
            ? 'None yet. The explorer sends one; so does, in a terminal: npx two-region call GET /test --local'
            : 'None that holds this.'}
        </p>
      ) : (
        <section class="scroll" tabIndex={0} aria-label="The last requests">
          <table>
            <thead>
              <tr>
                <th scope="col">time</th>
                <th scope="col">status</th>
                <th scope="col" class="number">
                  ms
                </th>
                <th scope="col">region</th>
                <th scope="col" class="wide">
                  environment
                </th>
                <th scope="col">request</th>
              </tr>
            </thead>
            <tbody>
              {requests.map((request) => {
                const isOpen = open === request.event.requestId;
                return (
                  <Fragment key={request.number}>
                    <Row
                      request={request}
                      isOpen={isOpen}
                      onClick={() => setOpen(isOpen ? undefined : request.event.requestId)}
                    />
                    {isOpen && (
                      <tr>
                        <td colSpan={6}>
                          <Trace requestId={request.event.requestId} />
                        </td>
                      </tr>
                    )}
                  </Fragment>
                );
              })}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

interface Request {
  readonly event: Extract<RuntimeEvent, { kind: 'access' }>;
  readonly status: string;
  readonly route: string;
  readonly latency: string;
}

function Row(props: { readonly request: Request; readonly isOpen: boolean; readonly onClick: () => void }) {
  const { event, status, route, latency } = props.request;
  return (
    <tr>
      <td class="number">{timeOfDay(event.time)}</td>
      <td class={status < '400' ? 'good' : status < '500' ? 'warn' : 'bad'}>{status}</td>
      <td class="number">{latency}</td>
      <td>{event.region}</td>
      <td class="wide">{event.environment}</td>
      <td class="route">
        <button type="button" class="link" aria-expanded={props.isOpen} onClick={props.onClick}>
          {route}
        </button>
      </td>
    </tr>
  );
}

/** The essence of an access log line, if it is JSON with the usual names. */
function read(line: string): { readonly status: string; readonly route: string; readonly latency: string } {
  const { status, httpMethod, path, routeKey, responseLatency } = fieldsOf(line);
  const route = path === undefined ? String(routeKey ?? line) : `${httpMethod} ${path}`;
  return { status: String(status ?? ''), route, latency: String(responseLatency ?? '') };
}
