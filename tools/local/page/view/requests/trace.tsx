import { useEffect, useState } from 'preact/hooks';
import type { Span } from '#local/events/spans.ts';
import type { TraceMessage } from '#local/page/messages.ts';
import { Line } from '#local/page/view/parts/line.tsx';
import { traceOf } from '#local/page/view/state/connection.ts';
import { duration, fieldsOf } from '#local/page/view/state/words.ts';

/** A request's write may still be on its way to the other region when it is looked at. */
const AGAIN_MILLISECONDS = 1000;

/** The way of a request: a waterfall of its parts, what was sent and received, what was logged. */
export function Trace({ requestId }: { readonly requestId: string }) {
  const [trace, setTrace] = useState<TraceMessage>();
  useEffect(() => {
    const load = () => void traceOf(requestId).then(setTrace, () => setTrace({ spans: [], events: [] }));
    load();
    const timer = setTimeout(load, AGAIN_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [requestId]);
  if (!trace) return <p class="dim">Looking it up …</p>;
  const { spans, events } = trace;
  const access = events.find(({ kind }) => kind === 'access');
  const exchanged = spans.find((span) => span.exchanged)?.exchanged;
  const lines = events.filter((event) => event !== access);
  return (
    <div class="detail">
      {spans.length > 0 && <Waterfall spans={spans} />}
      {exchanged && (
        <div class="exchanged">
          <Message title="Request" {...exchanged.request} />
          <Message title="Response" {...exchanged.response} />
        </div>
      )}
      {lines.length > 0 && <h3>Logged by its function</h3>}
      {lines.map((event, at) => (
        <Line key={at} event={event} />
      ))}
      {access?.kind === 'access' && <Fields line={access.line} />}
    </div>
  );
}

const INDENT = { gateway: 0, function: 1, handler: 2, service: 3, replica: 4 } as const;
const WORDS = {
  gateway: 'gateway',
  function: 'Lambda',
  handler: 'handler',
  service: 'call',
  replica: 'replica',
} as const;

/** Each part of the way as a bar from its begin to its end. */
function Waterfall({ spans }: { readonly spans: readonly Span[] }) {
  const begin = Math.min(...spans.map(({ time }) => time));
  const end = Math.max(...spans.map(({ time, milliseconds }) => time + milliseconds), begin + 1);
  const scale = 1000 / (end - begin);
  return (
    <table class="waterfall">
      <caption class="hidden">Where the time went</caption>
      <tbody>
        {spans.map(({ part, name, region, outcome, time, milliseconds }, at) => (
          <tr key={at}>
            <th scope="row" class={`indent${INDENT[part]}`}>
              <span class="dim">{WORDS[part]}</span> {name}
            </th>
            <td class="wide dim">{region}</td>
            <td class={isBad(outcome) ? 'bad' : undefined}>{outcome}</td>
            <td class="bar">
              <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class={part} x={(time - begin) * scale} width={Math.max(3, milliseconds * scale)} height="10" />
              </svg>
            </td>
            <td class="number">{duration(milliseconds)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A status from 400 on, or words of a failure. */
const isBad = (outcome: string | undefined): boolean => outcome !== undefined && !/^[123]\d\d$/.test(outcome);

interface MessageProps {
  readonly title: string;
  readonly line: string;
  readonly headers: readonly string[];
  readonly body: string;
}

function Message({ title, line, headers, body }: MessageProps) {
  const named = headers.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${headers[at + 1]}`] : []));
  return (
    <div>
      <h3>{title}</h3>
      <pre>{[line, ...named, '', body].join('\n').trimEnd()}</pre>
    </div>
  );
}

/** The gateway's access log, field by field. */
function Fields({ line }: { readonly line: string }) {
  const fields = Object.entries(fieldsOf(line)).filter(([, value]) => value !== '-');
  return (
    <details>
      <summary>Access log</summary>
      <dl>
        {fields.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{String(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
