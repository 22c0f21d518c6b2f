import type { MetricsMessage } from '#local/page/messages.ts';
import { metrics } from '#local/page/view/state/connection.ts';
import { useLoaded } from '#local/page/view/state/load.ts';
import { secondOfDay } from '#local/page/view/state/words.ts';

/** What CloudWatch would have of the routes and functions, and its alarms. */
export function Metrics({ isOpen }: { readonly isOpen: boolean }) {
  const loaded = useLoaded(metrics, isOpen);
  if (!loaded) return <p class="dim">Reading the metrics …</p>;
  const rows = rowsOf(loaded.metrics);
  return (
    <>
      <Alarms alarms={loaded.alarms} />
      <h3>Routes and functions, the last {loaded.minutes} minutes of CloudWatch's time</h3>
      {rows.length === 0 ? (
        <p class="dim">No requests in that time. The explorer sends one.</p>
      ) : (
        <section class="scroll" tabIndex={0} aria-label="Metrics">
          <table>
            <thead>
              <tr>
                <th scope="col">what</th>
                <th scope="col" class="wide">
                  region
                </th>
                <th scope="col" class="number">
                  requests
                </th>
                <th scope="col" class="number">
                  4xx
                </th>
                <th scope="col" class="number">
                  5xx, errors
                </th>
                <th scope="col" class="number">
                  average ms
                </th>
                <th scope="col" class="number">
                  most ms
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={`${row.what} ${row.region}`}>
                  <td>{row.what}</td>
                  <td class="wide">{row.region}</td>
                  <td class="number">{row.requests}</td>
                  <td class={row.refused > 0 ? 'number warn' : 'number'}>{row.refused}</td>
                  <td class={row.failed > 0 ? 'number bad' : 'number'}>{row.failed}</td>
                  <td class="number">{Math.round(row.average)}</td>
                  <td class="number">{Math.round(row.most)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

interface Row {
  readonly what: string;
  readonly region: string;
  requests: number;
  refused: number;
  failed: number;
  average: number;
  most: number;
}

function rowsOf(measured: MetricsMessage['metrics']): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const { region, name, dimensions, sum, average, maximum } of measured) {
    const what = whatOf(dimensions);
    if (what === undefined) continue;
    const key = `${what} ${region}`;
    const row = rows.get(key) ?? { what, region, requests: 0, refused: 0, failed: 0, average: 0, most: 0 };
    rows.set(key, row);
    if (name === 'Count' || name === 'Invocations') row.requests = sum;
    if (name === '4XXError' || name === '4xx') row.refused = sum;
    if (name === '5XXError' || name === '5xx' || name === 'Errors') row.failed = sum;
    if (name === 'Latency' || name === 'Duration') Object.assign(row, { average, most: maximum });
  }
  return [...rows.values()].sort((one, other) => one.what.localeCompare(other.what));
}

/** `envA GET /test` of a route, the name of a function; of sums over several of them there is no row. */
function whatOf({ Stage, Method, Resource, FunctionName }: Readonly<Record<string, string>>): string | undefined {
  if (FunctionName !== undefined) return Resource === undefined ? FunctionName : undefined;
  return Method === undefined || Resource === undefined ? undefined : `${Stage} ${Method} ${Resource}`;
}

/** Those that went off, and how many others there are. */
function Alarms({ alarms }: Pick<MetricsMessage, 'alarms'>) {
  const off = alarms.filter(({ state }) => state === 'ALARM');
  const ok = alarms.filter(({ state }) => state === 'OK').length;
  return (
    <>
      <h3>
        Alarms: <span class={off.length > 0 ? 'bad' : undefined}>{off.length} in ALARM</span>, {ok} OK,{' '}
        {alarms.length - ok - off.length} without data yet
      </h3>
      <ul class="plain checks">
        {off.map(({ name, region, reason, since }) => (
          <li key={`${name} ${region}`}>
            <span class="bad">{name}</span>{' '}
            <span class="dim">
              {region}, since {secondOfDay(since)}: {reason}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
