import { describe, expect, it } from 'vitest';
import { type Datapoint, stateOf } from '#local/cloudwatch/alarm-state.ts';

const MEANING: Readonly<Record<string, Datapoint>> = { '0': 'fine', X: 'breaching', '-': undefined };
const points = (row: string): readonly Datapoint[] => row.split(' ').map((sign) => MEANING[sign]);

const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const states = (row: string, datapointsToAlarm: number) =>
  TREATMENTS.map((missingData) => stateOf(points(row), { evaluationPeriods: 3, datapointsToAlarm, missingData }));

/** The state stays as it is. */
const KEEPS = undefined;
const UNKNOWN = 'INSUFFICIENT_DATA';

/** Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data". */
describe("an alarm's state where data is missing, as in AWS's own tables (S3.6)", () => {
  it.each([
    ['0 - X - X', ['OK', 'OK', 'OK', 'OK']],
    ['0 - - - -', ['OK', 'OK', 'OK', 'OK']],
    ['- - - - -', [UNKNOWN, KEEPS, 'ALARM', 'OK']],
    ['0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['- - X - -', ['ALARM', KEEPS, 'ALARM', 'OK']],
  ])('3 of 3: %s', (row, expected) => {
    expect(states(row, 3)).toEqual(expected);
  });

  it.each([
    ['0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - X -', ['ALARM', KEEPS, 'ALARM', 'OK']],
  ])('2 of 3: %s', (row, expected) => {
    expect(states(row, 2)).toEqual(expected);
  });

  it.each(['- - - - X', '- - - X -'])('3 of 3: %s is no alarm yet: the next point may be a good one', (row) => {
    expect(states(row, 3)[0]).not.toBe('ALARM');
  });
});
