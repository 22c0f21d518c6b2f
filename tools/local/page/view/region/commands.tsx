import { useState } from 'preact/hooks';
import { Question } from '#local/page/view/parts/question.tsx';
import { command } from '#local/page/view/state/connection.ts';

/** Commands of the release cycle, each with a question before it. */
export function Commands({ commands }: { readonly commands: Readonly<Record<string, string>> }) {
  const [asked, ask] = useState<string>();
  const run = async (name: string) => {
    const { exitCode, text } = await command(name);
    return `${text.trim()}\n\n${exitCode === 0 ? 'Done.' : `Ended with exit code ${exitCode}.`}`;
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

/** `Route away` for `route-away`. */
const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replace('-', ' ');
