import { describe, expect, it } from 'vitest';
import { confirm } from '#operator/cli/confirm.ts';
import type { Question } from '#operator/cli/prompt.ts';

describe('asking before something that cannot be taken back quickly', () => {
  it('takes the word, and no other', async () => {
    const asked: Question[] = [];
    const ask = async (question: Question) => {
      asked.push(question);
      return '';
    };
    await confirm({ what: 'It ends.', word: 'dev', yes: false }, { isTerminal: true, ask });
    const [question] = asked;
    expect(question?.message).toBe('It ends. Type dev to go on.');
    expect(question?.problem(' dev ')).toBeUndefined();
    expect(question?.problem('prod')).toMatch(/Type dev/);
  });

  it('asks nobody with --yes, and refuses where there is nobody to ask', async () => {
    const ask = () => Promise.reject(new Error('asked'));
    await confirm({ what: 'It ends.', word: 'dev', yes: true }, { isTerminal: true, ask });
    await expect(confirm({ what: 'It ends.', word: 'dev', yes: false }, { isTerminal: false, ask })).rejects.toThrow(
      'It ends. Not a terminal: pass --yes to confirm.',
    );
  });
});
