import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyCharacter } from '#tests/support/hostile/any-character.ts';
import { type RunningStage, startStage } from './support/running-stage.ts';

/** What the secondary region's function throws is chosen by the user's id, its text by the name. */
const THROWS = `
  const thrown = {
    anError0: (text) => new Error(text),
    aString0: (text) => text,
    anObject: (text) => ({ errorMessage: text, stack: 'at secret.js:1:1' }),
    nothing0: () => undefined,
    aTyped00: (text) => Object.assign(new TypeError(text), { name: '400: ', cause: new Error('secret') }),
    anEmpty0: () => new Error(''),
  };
  exports.handler = async ({ id, name }) => { throw thrown[id](name); };
`;

let stage: RunningStage;
beforeAll(async () => {
  stage = await startStage({ code: [{ stack: 'dev-api-secondary', functionName: 'user', text: THROWS }] });
}, 60_000);
afterAll(() => stage?.close());

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function user(method: 'GET' | 'POST', url: string | undefined, id: string, name?: string): Promise<Answer> {
  const response = await fetch(`${url}/user/${id}`, {
    method,
    ...(name !== undefined && { body: JSON.stringify({ name }), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, body: await response.json() };
}

const id = fc.stringMatching(/^[0-9A-Za-z]{8,64}$/);
/** What trips templates, JSON and logs, and what text there is besides. */
const name = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        '"',
        '\\',
        '\n',
        '\r',
        '\t',
        '\0',
        '$',
        '#',
        '$!{name}',
        '$input.body',
        '#set($a=1)',
        '"errorType":"x",',
        '#end',
        '##',
        "'",
        '\u2028',
        '😀',
        '{',
        '}',
        '</script>',
        '%00',
        'é',
      ),
      { minLength: 1, maxLength: 20 },
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: anyCharacter, minLength: 1, maxLength: 100 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }),
);

describe("S1.1: a user's name through templates, function and table", () => {
  it('comes back exactly as it was sent, in both environments', async () => {
    const { envA, envB } = stage.summary.regions.primary.environments;
    const roundTrip = fc.asyncProperty(id, name, async (userId, text) => {
      const stored = { status: 200, body: { id: userId, name: text } };
      expect(await user('POST', envA, userId, text)).toEqual(stored);
      expect(await user('GET', envB, userId)).toEqual(stored);
      expect(await user('GET', envA, userId)).toEqual(stored);
    });
    await fc.assert(roundTrip, { numRuns: 120, seed: 4 });
  }, 60_000);

  it('S1.5: is another one in the environment preview, which has users of its own', async () => {
    const { envA, preview } = stage.summary.regions.primary.environments;
    await user('POST', envA, 'twoNames', 'live');
    expect(await user('GET', preview, 'twoNames')).toMatchObject({ status: 404 });
    await user('POST', preview, 'twoNames', '"preview"\n');
    expect(await user('GET', preview, 'twoNames')).toEqual({
      status: 200,
      body: { id: 'twoNames', name: '"preview"\n' },
    });
    expect(await user('GET', envA, 'twoNames')).toEqual({ status: 200, body: { id: 'twoNames', name: 'live' } });
  });

  it('is 404 for a user that is not there', async () => {
    for (const url of Object.values(stage.summary.regions.primary.environments)) {
      const body = { error: 'There is no user noSuchUser', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) };
      expect(await user('GET', url, 'noSuchUser')).toEqual({ status: 404, body });
    }
  });
});

describe('S1.2: a function that throws', () => {
  const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);
  const prefix = fc.constantFrom('', '400: ', '404: ', '500: ', '200: ', '400:', ' 400: ', '4000: ');

  it('is a 400 with the rest of its message when that begins so', async () => {
    const { envA } = stage.summary.regions.secondary.environments;
    const reason = '"because"\n$x #end';
    const answer = await user('POST', envA, 'anError0', `400: ${reason}`);
    expect(answer).toEqual({ status: 400, body: { error: reason, requestId } });
  });

  it.each(['anError0', 'aString0', 'anObject', 'nothing0', 'aTyped00', 'anEmpty0'])(
    'is else a 500 without the cause, never a 200 nor a stack trace, whatever it throws: %s',
    async (kind) => {
      const { envA } = stage.summary.regions.secondary.environments;
      const attack = fc.asyncProperty(prefix, name, async (start, text) => {
        const answer = await user('POST', envA, kind, start + text);
        const mayTell = start === '400: ' && answer.status === 400;
        expect(answer).toEqual({
          status: mayTell ? 400 : 500,
          body: { error: mayTell ? text : 'Internal server error', requestId },
        });
      });
      await fc.assert(attack, { numRuns: 25, seed: 5 });
    },
    60_000,
  );
});
