import { describe, expect, it } from 'vitest';
import { type AlarmState, compileRule } from '#local/alarm-language/alarm-rule.ts';
import { compileMath } from '#local/alarm-language/metric-math.ts';

describe('metric math of one period (S3.6)', () => {
  const values: Readonly<Record<string, number>> = { errors: 3, requests: 50, zero: 0 };
  const result = (expression: string) => compileMath(expression).evaluate((name) => values[name]);

  it.each([
    ['1 + 2 * 3 - 4 / 2', 5],
    ['-(errors + 1) * 2', -8],
    ['100 * errors / MAX([requests, 20])', 6],
    ['100 * errors / MAX([errors, 20])', 15],
    ['(errors - FILL(missing, 0)) + FILL(errors, 9)', 6],
    ['SUM([errors, requests, missing])', 53],
    ['MIN([errors, 2.5])', 2.5],
    ['AVG([errors, 5])', 4],
    ['ABS(errors - requests)', 47],
  ])('%s is %d', (expression, expected) => {
    expect(result(expression)).toBe(expected);
  });

  it.each(['missing + 1', 'errors / missing', 'errors / zero', 'MAX([missing])'])(
    '%s has no data, as an operand has none or nothing is divided by',
    (expression) => {
      expect(result(expression)).toBeUndefined();
    },
  );

  it('names the metrics that it uses', () => {
    expect(compileMath('FILL(a, 0) + b / MAX([b, 20])').names).toEqual(['a', 'b']);
  });

  it.each(['SEARCH(x, 1)', 'a +', '(a', 'a b', 'FILL(a)', 'a % b', ''])(
    'refuses %j: it is not served',
    (expression) => {
      expect(() => compileMath(expression)).toThrow(/metric math is not served/);
    },
  );
});

describe('rules of composite alarms (S3.6)', () => {
  const states: Readonly<Record<string, AlarmState>> = { a: 'ALARM', b: 'OK', c: 'INSUFFICIENT_DATA' };
  const holds = (rule: string) => compileRule(rule)((name) => states[name]);

  it.each([
    ['ALARM("a")', true],
    ['ALARM(b) OR ALARM("a")', true],
    ['ALARM("b") OR ALARM("c")', false],
    ['ALARM("a") AND NOT OK("b")', false],
    ['NOT (ALARM("b") OR FALSE) AND INSUFFICIENT_DATA("c")', true],
    ['ALARM("arn:aws:cloudwatch:eu-central-1:123456789012:alarm:a")', true],
    ['ALARM("nobody")', false],
    ['TRUE', true],
  ])('%s', (rule, expected) => {
    expect(holds(rule)).toBe(expected);
  });

  it.each(['ALARM()', 'ALARM("a") ALARM("b")', 'a OR', '(TRUE', ''])('%j cannot be read', (rule) => {
    expect(() => compileRule(rule)).toThrow(/cannot be read/);
  });
});
