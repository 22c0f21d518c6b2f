import { useState } from 'preact/hooks';
import type { RegionType } from '#local/model/model.ts';
import type { EnvironmentMessage } from '#local/page/messages.ts';
import { Question } from '#local/page/view/parts/question.tsx';
import { control } from '#local/page/view/state/connection.ts';
import type { PageState } from '#local/page/view/state/store.ts';
import { range, rate, secondOfDay } from '#local/page/view/state/words.ts';

const MODES = {
  refuse: { text: 'refuses connections', mode: { kind: 'refuse' }, fault: 'refused' },
  drop: { text: 'never responds', mode: { kind: 'drop' }, fault: 'dropped' },
  slow: { text: 'responds after 5 s', mode: { kind: 'slow', milliseconds: 5000 }, fault: 'silent' },
  errors: { text: 'responds with errors', mode: { kind: 'errors', share: 1 }, fault: 'refused' },
} as const;

/** One region: whether it is well, what it serves, and the means to make it fail. */
export function Region({ type, state }: { readonly type: RegionType; readonly state: PageState }) {
  const { status, stage, rates } = state;
  const [mode, setMode] = useState<keyof typeof MODES>('refuse');
  const [asking, setAsking] = useState<'fail' | 'recover'>();
  if (!status || !stage) return null;
  const { region, failed, failures, since, healthChecks } = status.regions[type];
  const isHealthy = healthChecks.every((check) => check.status === 'healthy');
  const chosen = MODES[mode];
  const predicted = status.predicted[chosen.fault];
  return (
    <section class={`region ${failed ? 'failed' : ''}`} aria-label={`${type} region`}>
      <h2>
        {type} <span class="dim">{region}</span>
        <span class={failed ? 'badge bad' : isHealthy ? 'badge good' : 'badge warn'}>
          {failed ? 'failed' : isHealthy ? 'healthy' : 'unhealthy'}
        </span>
        <Spark values={rates[type]} />
      </h2>
      <p class="buttons">
        {failed ? (
          <button type="button" onClick={() => setAsking('recover')}>
            Recover {type} …
          </button>
        ) : (
          <>
            <label>
              <span class="hidden">How {type} fails</span>
              <select
                value={mode}
                onChange={({ currentTarget }) => setMode(isMode(currentTarget.value) ? currentTarget.value : 'refuse')}
              >
                {Object.entries(MODES).map(([name, { text }]) => (
                  <option key={name} value={name}>
                    {text}
                  </option>
                ))}
              </select>
            </label>
            <button type="button" class="danger" onClick={() => setAsking('fail')}>
              Fail {type} …
            </button>
          </>
        )}
      </p>
      {asking === 'recover' && (
        <Question
          title={`Recover ${type}?`}
          text={`${region} responds again, and what waited for it is replicated. Its health checks should say so within ${range(status.predicted.refused.notice)}.`}
          confirm={`Recover ${type}`}
          onConfirm={() => control(`regions/${type}/recover`)}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === 'fail' && (
        <Question
          title={`Fail ${type}?`}
          text={`All of ${region} ${chosen.text}. Health checks should notice within ${range(predicted.notice)}, and clients be led to the other region within ${range(predicted.recovery)}.`}
          confirm={`Fail ${type}`}
          onConfirm={() => control(`regions/${type}/fail`, { part: 'region', mode: chosen.mode })}
          onClose={() => setAsking(undefined)}
        />
      )}
      {failures.map((failure) => (
        <p key={failure.part} class="bad">
          {failure.part === 'region' ? 'All of it' : failure.part}: {describeMode(failure.mode.kind)}, since{' '}
          {secondOfDay(since)}
        </p>
      ))}
      <h3>Health checks</h3>
      <ul class="plain checks">
        {healthChecks.map((check) => (
          <li key={check.name}>
            <span class={check.status === 'healthy' ? 'good' : 'bad'}>{check.status}</span>{' '}
            <code>{check.resourcePath}</code>{' '}
            <span class="dim">
              {check.reason}, since {secondOfDay(check.since)}
            </span>
          </li>
        ))}
      </ul>
      <h3>Environments</h3>
      {stage.environments.map((environment) => (
        <Environment key={environment.name} environment={environment} type={type} />
      ))}
    </section>
  );
}

const isMode = (text: string): text is keyof typeof MODES => Object.hasOwn(MODES, text);

const describeMode = (kind: string): string => (isMode(kind) ? MODES[kind].text : kind);

function Environment(props: { readonly environment: EnvironmentMessage; readonly type: RegionType }) {
  const { name, follows, deployedAt, regions } = props.environment;
  const { live, urls, functions } = regions[props.type];
  return (
    <details>
      <summary>
        <strong>{name}</strong>
        {live && <span class="badge good">live</span>}
        <span class="dim">
          {follows === 'release' ? `released ${secondOfDay(deployedAt)}` : 'follows the working tree'}
        </span>
      </summary>
      <ul class="plain">
        {urls.map((url) => (
          <li key={url}>
            <code>{url}</code>
          </li>
        ))}
      </ul>
      <table>
        <thead>
          <tr>
            <th scope="col">function</th>
            <th scope="col">version</th>
            <th scope="col">code</th>
          </tr>
        </thead>
        <tbody>
          {functions.map((each) => (
            <tr key={each.name}>
              <td>{each.name}</td>
              <td class="number">{each.version}</td>
              <td>
                <code>{each.code}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** Requests a second, of the last minute. */
function Spark({ values }: { readonly values: readonly number[] }) {
  const most = Math.max(1, ...values);
  const before = 60 - values.length;
  const points = values.map((value, at) => `${(before + at) * 2},${23 - (value / most) * 22}`).join(' ');
  const newest = rate(values.at(-1) ?? 0);
  return (
    <span class="spark">
      <svg width="84" height="24" viewBox="0 0 120 24" preserveAspectRatio="none" aria-hidden="true">
        <polyline points={points} />
      </svg>
      <span class="number">{newest}/s</span>
    </span>
  );
}
