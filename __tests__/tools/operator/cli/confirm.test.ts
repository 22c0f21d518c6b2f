import { describe, expect, it } from 'vitest';
import { confirm, confirmBeginning } from '#operator/cli/confirm.ts';
import { CancelledError, type Question } from '#operator/cli/prompt.ts';

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

describe('asking before something begins', () => {
  it('takes yes, and leaves at anything else', async () => {
    const answer = (text: string) => confirmBeginning('It begins.', false, { isTerminal: true, ask: async () => text });
    await expect(answer('y')).resolves.toBeUndefined();
    await expect(answer('')).rejects.toThrow(CancelledError);
  });

  it('asks nobody with --yes, and refuses where there is nobody to ask', async () => {
    const ask = () => Promise.reject(new Error('asked'));
    await confirmBeginning('It begins.', true, { isTerminal: true, ask });
    await expect(confirmBeginning('It begins.', false, { isTerminal: false, ask })).rejects.toThrow(
      'It begins. Not a terminal: pass --yes to confirm.',
    );
  });
});
