import { expect, it } from 'vitest';
import { type Failure, Failures } from '#local/failure/failure.ts';

it('names the newest failure last, also of a part that failed in another way before', () => {
  const failures = new Failures();
  const table: Failure = { part: 'table:user', mode: { kind: 'refuse' } };
  const rest: Failure = { part: 'rest', mode: { kind: 'drop' } };
  const slow: Failure = { part: 'table:user', mode: { kind: 'slow', milliseconds: 3000 } };
  for (const each of [table, rest, slow]) failures.set('primary', each);
  expect(failures.of('primary')).toEqual([rest, slow]);
});

it('shows the gravest failure of the parts that a request needs, and the first of those that are as grave (B4)', () => {
  const failures = new Failures();
  failures.set('primary', { part: 'rest', mode: { kind: 'errors', share: 0 } });
  failures.set('primary', { part: 'domain', mode: { kind: 'drop' } });
  const modeOf = (...parts: readonly string[]) => failures.faults('primary', parts).mode()?.kind;
  expect([modeOf('region', 'rest', 'domain'), modeOf('region', 'rest'), modeOf('region')]).toEqual([
    'drop',
    'errors',
    undefined,
  ]);
  failures.set('primary', { part: 'region', mode: { kind: 'refuse' } });
  expect(modeOf('region', 'rest', 'domain')).toBe('refuse');
});
