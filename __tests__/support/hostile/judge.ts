import { expect } from 'vitest';
import type { RawAnswer, RawRequest } from './raw-client.ts';
import { exampleRequest, identify, type Route } from './routes.ts';

const STACK = /\\n +at |node:internal|node_modules|\.[cm]?[jt]s:\d+/;

/** A deep check gives its dependencies 1.2 s: that it says so on a machine which is busy with this test is no fault. */
function isLate({ id }: Route['operation'], { status, body }: RawAnswer): boolean {
  if (!id.endsWith('healthcheck') || status !== 503) return false;
  // HEAD has no body.
  const { failing, late } = JSON.parse(body === '' ? '{}' : body);
  return JSON.stringify(failing) === JSON.stringify(late);
}

/** Never the server's mistake, never its inside, and an error that says something. */
export function judge({ place, operation }: Route, { method }: RawRequest, response: RawAnswer): void {
  const { status, body } = response;
  const answer = `${operation.id} in ${place} answered ${status} ${body.slice(0, 300)}`;
  if (!isLate(operation, response)) expect(status, answer).toBeLessThan(500);
  expect(body, answer).not.toMatch(STACK);
  if (status < 400 || method === 'HEAD') return;
  const { error, message, failing } = JSON.parse(body);
  expect(error ?? message ?? failing?.join(), answer).toEqual(expect.stringMatching(/./));
}

/** Those that write come first. */
export async function expectExamplesToWork(routes: readonly Route[]): Promise<void> {
  for (const route of [...routes].sort((one, other) => (one.operation.method < other.operation.method ? 1 : -1))) {
    for (const example of route.operation.examples) {
      const answer = await route.client.send(
        await identify(route, exampleRequest(route.operation, route.target, example)),
      );
      if (isLate(route.operation, answer)) continue;
      expect(answer.status, `${route.operation.id}: ${answer.body}`).toBe(example.status);
    }
  }
}
