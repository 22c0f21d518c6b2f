import { useState } from 'preact/hooks';
import type { RuntimeStatus } from '#local/control/protocol.ts';
import { Question } from '#local/page/view/parts/question.tsx';
import { control } from '#local/page/view/state/connection.ts';
import { duration } from '#local/page/view/state/words.ts';

const LAGS = [0, 100, 1000, 5000, 30_000] as const;

/** Makes replication slower, and cuts the regions off from each other. */
export function Replication({ status }: { readonly status: RuntimeStatus }) {
  const { replicationLagMilliseconds: lag, partitioned } = status;
  const [asking, setAsking] = useState<number | 'cut' | 'heal'>();
  const lags = [...new Set<number>([...LAGS, lag])].sort((one, other) => one - other);
  return (
    <p class="buttons">
      <label class="dim">
        Replication lag{' '}
        <select value={String(lag)} onChange={({ currentTarget }) => setAsking(Number(currentTarget.value))}>
          {lags.map((each) => (
            <option key={each} value={String(each)}>
              {duration(each)}
            </option>
          ))}
        </select>
      </label>
      {partitioned ? (
        <button type="button" onClick={() => setAsking('heal')}>
          Heal replication …
        </button>
      ) : (
        <button type="button" class="danger" onClick={() => setAsking('cut')}>
          Cut replication …
        </button>
      )}
      {asking === 'cut' && (
        <Question
          title="Cut replication?"
          text="The regions no longer reach each other: each serves on, and what it writes waits until they are healed; of two writes of one item the later one then holds."
          confirm="Cut replication"
          onConfirm={() => control('partition', { partitioned: true })}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === 'heal' && (
        <Question
          title="Heal replication?"
          text="The regions reach each other again: all writes that waited arrive, the later one of two of one item."
          confirm="Heal replication"
          onConfirm={() => control('partition', { partitioned: false })}
          onClose={() => setAsking(undefined)}
        />
      )}
      {typeof asking === 'number' && (
        <Question
          title={`Replicate after ${duration(asking)}?`}
          text={`What one region writes arrives in the other ${duration(asking)} later; what is on its way, too. If a region fails for good, writes of its last ${duration(asking)} are lost.`}
          confirm="Set the lag"
          onConfirm={() => control('replication', { lagMilliseconds: asking })}
          onClose={() => setAsking(undefined)}
        />
      )}
    </p>
  );
}
