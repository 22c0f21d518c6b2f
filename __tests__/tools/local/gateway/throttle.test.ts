import { expect, it } from 'vitest';
import { createThrottle } from '#local/gateway/throttle.ts';

it('S3.4: a burst passes, then the rate, and an idle bucket never holds more than the burst', () => {
  let time = 0;
  const throttle = createThrottle(2, 3, () => time);
  const passed = (count: number) => Array.from({ length: count }, throttle);
  expect(passed(4)).toEqual([true, true, true, false]);
  time = 499;
  expect(passed(1)).toEqual([false]);
  time = 1000;
  expect(passed(3)).toEqual([true, true, false]);
  time = 1_000_000;
  expect(passed(4)).toEqual([true, true, true, false]);
});
