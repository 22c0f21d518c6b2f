import { useState } from 'preact/hooks';
import type { CommandOutcome, LongCommand } from '#local/page/messages.ts';
import { Question } from '#local/page/view/parts/question.tsx';
import { command, stopCommand } from '#local/page/view/state/connection.ts';
import { secondOfDay } from '#local/page/view/state/words.ts';

/** Commands of the release cycle, each with a question before it. */
export function Commands({ commands }: { readonly commands: Readonly<Record<string, string>> }) {
  const [asked, ask] = useState<string>();
  const run = async (name: string) => {
    const outcome = await command(name);
    return outcome && described(outcome);
  };
  return (
    <nav aria-label="Release" class="buttons">
      {Object.keys(commands).map((name) => (
        <button key={name} type="button" onClick={() => ask(name)}>
          {capital(name)} …
        </button>
      ))}
      {asked !== undefined && (
        <Question
          title={`${capital(asked)}?`}
          text={commands[asked] ?? ''}
          confirm={capital(asked)}
          onConfirm={() => run(asked)}
          onClose={() => ask(undefined)}
        />
      )}
    </nav>
  );
}

/** The command that takes minutes: what it does now, or what it came to. */
export function UnderWay({ name, startedAt, line, outcome }: LongCommand) {
  const [why, setWhy] = useState<string>();
  const stop = () => stopCommand(name).catch((error: unknown) => setWhy(String(error)));
  return (
    <section class={outcome && outcome.exitCode !== 0 ? 'notice mistake' : 'notice'} aria-label={capital(name)}>
      <p class="buttons">
        <span>
          {capital(name)} <span class="dim">of {secondOfDay(startedAt)}</span>
          {outcome === undefined && ' is under way'}
        </span>
        {outcome === undefined && (
          <button type="button" onClick={stop}>
            Stop it, and mend what it broke
          </button>
        )}
      </p>
      <pre role="status">{why ?? (outcome ? described(outcome) : line)}</pre>
    </section>
  );
}

const described = ({ exitCode, text }: CommandOutcome): string =>
  `${text.trim()}\n\n${exitCode === 0 ? 'Done.' : `Ended with exit code ${exitCode}.`}`;

/** `Route away` for `route-away`. */
const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replace('-', ' ');
