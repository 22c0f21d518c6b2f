import { describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import { journeysOf } from '#contract/journeys.ts';
import { type JourneyPorts, takeJourney } from '#functions/journeys/take-journey.ts';

const urls = { rest: 'https://api.example.com', http: 'https://events.example.com' };
const place = { at: 'public', urls, digit: '2' };
const steps = journeysOf(operations).get('user') ?? [];

/** Takes the journey of a user. @param answers - of each request in its turn: status and body */
async function take(...answers: readonly (readonly [number, unknown] | Error)[]) {
  const asked: string[] = [];
  let at = 1_000_000;
  const ports: JourneyPorts = {
    now: () => new Date(at),
    wait: async (milliseconds) => {
      at += milliseconds;
    },
    send: async (_, { method, url, body }) => {
      at += 10;
      const answer = answers[asked.length];
      asked.push(`${method} ${url.pathname} ${String(body ?? '')}`.trim());
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('nothing more');
      return new Response(JSON.stringify(answer[1]), { status: answer[0] });
    },
  };
  return { ...(await takeJourney(steps, place, ports)), asked };
}

const id = `journeysOfTheContract${'0'.repeat(42)}2`;
const user = (name: string) => [200, { id, name }] as const;
const run = (1_000_000).toString(36);

describe('a journey of the contract (B26)', () => {
  it('is the steps that operations are marked for, in their order', () => {
    const journeys = [...journeysOf(operations)].map(([name, all]) => [name, all.map(({ operation }) => operation.id)]);
    expect(Object.fromEntries(journeys)).toEqual({
      user: ['post-user', 'get-user'],
      event: ['post-event', 'list-events'],
      'replace-string': ['replace-string'],
    });
  });

  it('writes data of its own, another name each time, and reads it back', async () => {
    expect(await take(user(run), user(run))).toEqual({
      milliseconds: 20,
      asked: [`POST /user/${id} {"name":"${run}"}`, `GET /user/${id}`],
    });
  });

  it('reads again for a while what has not arrived, and fails when it does not', async () => {
    expect(await take(user(run), user('before'), user(run))).toMatchObject({ milliseconds: 1030 });
    const old = user('before');
    const failed = await take(user(run), old, old, old);
    expect(failed.problem).toMatch(
      new RegExp(`^GET /user/\\{id\\}: the response has not what this run wrote, ${run}:`),
    );
    expect(failed.asked).toHaveLength(4);
  });

  it('hides no failure that a client would see by asking once more', async () => {
    for (const failure of [[500, { error: 'broken' }] as const, new Error('timed out')]) {
      const { problem, asked } = await take(user(run), failure, user(run));
      expect([problem, asked.length]).toEqual([expect.stringMatching(/^GET .+(500|timed out)/), 2]);
    }
    expect((await take(user(run), [404, { error: 'no such user' }], user(run))).problem).toBeUndefined();
  });

  it('ends at the first step that goes wrong: another status, a body that the contract does not know, no response', async () => {
    expect(await take([403, { message: 'Forbidden' }])).toMatchObject({
      problem: 'POST /user/{id}: responded 403, expected 200: {"message":"Forbidden"}',
      asked: [expect.anything()],
    });
    expect((await take([200, { other: true }])).problem).toMatch(/a body that the contract does not know/);
    expect((await take(new Error('connect ECONNREFUSED'))).problem).toBe('POST /user/{id}: connect ECONNREFUSED');
  });
});
