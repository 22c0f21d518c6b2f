import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { IdentityAnswer } from '#operator/cli/ask-identity.ts';
import { exitCodeOf } from '#operator/cli/exit-codes.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { type CheckResult, makeChecks } from '#operator/doctor/check.ts';
import { DoctorError, describeDoctor } from '#operator/doctor/run-doctor.ts';

import { type StagePorts, stageChecks } from '#operator/doctor/stage-checks.ts';
import type { Inspection } from '#operator/state/storage/inspect-storage.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const identity = () => ({ account: '123456789012', arn: 'arn:aws:iam::123456789012:user/a' });
const answers = (clockAhead = 0): IdentityAnswer => ({ identity, clockAhead });
const refuses: IdentityAnswer = {
  identity: () => {
    throw Object.assign(new Error('not accepted: expired\nLog in.'), { name: 'CredentialsError' });
  },
};
const healthy: StagePorts = {
  askIdentity: async () => answers(),
  inspectStorage: async () => [],
  checkParameters: async () => [],
  questions: [],
};

async function results(ports: Partial<StagePorts>): Promise<Readonly<Record<string, CheckResult>>> {
  const made = await makeChecks(stageChecks(context, { ...healthy, ...ports }));
  return Object.fromEntries(made.map((result) => [result.name, result]));
}

describe('doctor: a stage', () => {
  it('is well when AWS takes the credentials in both regions and has what bootstrap and params make', async () => {
    const asked: string[] = [];
    const made = await results({
      askIdentity: async (region) => {
        asked.push(region);
        return answers();
      },
    });
    expect(new Set(Object.values(made).map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
    expect(made.credentials?.found).toContain('account 123456789012');
    expect(asked.sort()).toEqual(['eu-central-1', 'eu-west-1']);
  });

  it('puts the questions of the account as well, once it knows whose it is (B29)', async () => {
    const questions = [
      { name: 'zone', look: async () => ({ outcome: 'fail' as const, found: 'private', fix: 'another' }) },
    ];
    expect((await results({ questions })).zone).toMatchObject({ outcome: 'fail', found: 'private', fix: 'another' });
    const nobody = { questions, askIdentity: async () => refuses };
    expect((await results(nobody)).zone).toMatchObject({ outcome: 'skipped', found: 'needs credentials' });
  });

  it('asks both regions at the same time: one that is gone holds up nobody', async () => {
    let answer: (given: IdentityAnswer) => void = () => undefined;
    const primary = new Promise<IdentityAnswer>((resolve) => {
      answer = resolve;
    });
    const made = await results({
      askIdentity: async (region) => {
        if (region === 'eu-central-1') return primary;
        answer(answers());
        return answers();
      },
    });
    expect(made.credentials?.outcome).toBe('ok');
  });

  it('says of a refusal without a message what AWS calls it', async () => {
    const nameless: IdentityAnswer = {
      identity: () => {
        throw Object.assign(new Error(''), { name: 'RegionDisabledException' });
      },
    };
    const made = await results({ askIdentity: async (region) => (region === 'eu-west-1' ? nameless : answers()) });
    expect(made.regions?.found).toBe('eu-west-1 refuses what the other region takes: RegionDisabledException');
  });

  it('fails without credentials with the ways to log in; what depends on them is skipped, not failed', async () => {
    const inspected: string[] = [];
    const made = await results({
      askIdentity: async () => refuses,
      inspectStorage: async (account) => {
        inspected.push(account);
        return [];
      },
    });
    expect(Object.values(made).map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'credentials fail',
      'regions skipped',
      'clock skipped',
      'state skipped',
      'parameters skipped',
    ]);
    expect(made.credentials).toMatchObject({ found: 'not accepted: expired', fix: 'Log in.' });
    expect(inspected).toEqual([]);
  });

  it('tells a region that is not enabled from wrong credentials', async () => {
    const made = await results({ askIdentity: async (region) => (region === 'eu-west-1' ? refuses : answers()) });
    expect(made.credentials?.outcome).toBe('ok');
    expect(made.regions).toMatchObject({ outcome: 'fail', fix: expect.stringContaining('Enable eu-west-1') });
    expect(made.state?.outcome).toBe('ok');
  });

  it.each([
    [0, 'ok'],
    [59_000, 'ok'],
    [-90_000, 'warn'],
    [300_000, 'fail'],
    [-301_000, 'fail'],
  ])('takes a clock that is %i ms ahead for %s', async (clockAhead, outcome) => {
    const made = await results({ askIdentity: async () => answers(clockAhead) });
    expect(made.clock?.outcome).toBe(outcome);
  });

  it('knows the clock from a refusal, too', async () => {
    const made = await results({ askIdentity: async () => ({ ...refuses, clockAhead: 600_000 }) });
    expect(made.clock).toMatchObject({ outcome: 'fail', found: '600 s ahead of AWS, allowed are 300 s' });
  });

  it.each([
    ['warns of', { kind: 'bucket', setting: 'versioning', regionType: 'primary' }, 'warn'],
    ['warns of', { kind: 'bucket', regionType: 'secondary' }, 'warn'],
    ['warns of', { kind: 'replication', regionType: 'primary' }, 'warn'],
    ['fails for', { kind: 'table', regionType: 'primary' }, 'fail'],
  ] satisfies [string, Pick<Inspection, 'kind' | 'regionType' | 'setting'>, string][])(
    '%s state storage with %j',
    async (_, about, outcome) => {
      const inspection: Inspection = { name: 'b', region: 'r', isRight: false, ...about };
      const { state } = await results({ inspectStorage: async () => [inspection] });
      expect(state).toMatchObject({ outcome, fix: expect.stringContaining('two-region bootstrap dev') });
      expect(state?.fix?.includes('two-region state recover dev')).toBe(outcome === 'fail');
    },
  );

  it('names parameters that are not right, without their values', async () => {
    const problem = { name: 'api_key', kind: 'missing' as const, message: 'api_key: is not set.' };
    const { parameters } = await results({ checkParameters: async () => [problem] });
    expect(parameters).toMatchObject({ outcome: 'fail', found: 'api_key (missing)' });
  });

  it('is told in lines, the remedy below; failures make exit code 2 and keep every check for --json', async () => {
    const checks = Object.values(await results({ askIdentity: async () => refuses }));
    const text = stripVTControlCharacters(describeDoctor(checks, colorsFor(process.stdout)));
    expect(text).toMatch(/^stage dev\n {2}fail +credentials +not accepted: expired\n +Log in\.\n {2}skipped +regions/);
    const error = new DoctorError({ checks });
    expect(error.message).toBe('1 of 5 checks failed: credentials (stage dev).');
    expect([exitCodeOf(error), error.report.checks.length]).toEqual([2, 5]);
  });
});
