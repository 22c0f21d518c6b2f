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
