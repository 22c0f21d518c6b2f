import { describe, expect, it, vi } from 'vitest';
import { drillStage } from '#operator/drill/aws/drill-stage.ts';
import { reportScenario } from '#operator/drill/report/report-scenario.ts';
import { scenarioReportSchema } from '#operator/drill/report/report-schema.ts';
import type { AwsScenarioName } from '#operator/drill/scenarios.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { FakedStage } from './faked-stage.ts';

vi.setConfig({ testTimeout: 120_000 });

function drill(stage: FakedStage, name: AwsScenarioName, more: Partial<Parameters<typeof drillStage>[2]> = {}) {
  return drillStage(stage.place(), name, {
    perSecond: 100,
    seconds: 300,
    signal: new AbortController().signal,
    confirm: async () => void stage.done.push('asked'),
    onPhase: () => undefined,
    ...more,
  });
}

describe('a drill on AWS (B4)', () => {
  it('writes down what is to be taken back before it breaks anything, takes it back, and reads back what was written', async () => {
    const stage = new FakedStage();
    stage.alarm = { region: 'eu-central-1', name: 'envA-sick', from: 'OK', state: 'ALARM', reason: 'errors', since: 0 };
    const { observation } = await drill(stage, 'lose-table');
    expect(stage.done).toEqual([
      'asked',
      'locked',
      'written down: lose-table',
      'broken',
      'taken back',
      'written down: over',
      'unlocked',
    ]);
    const report = scenarioReportSchema.parse(reportScenario(context, observation));
    const verdicts = Object.fromEntries(report.conditions.map(({ id, passed }) => [id, passed]));
    expect(verdicts).toMatchObject({
      calm: true,
      stayed: true,
      told: true,
      'nothing-lost': true,
      level: true,
      healthy: true,
    });
    expect(report.requests.duringFault.new?.failed).toBeGreaterThan(0);
  });

  it('leads traffic away and back, and tells figures of what the public name said', async () => {
    const stage = new FakedStage();
    const { observation } = await drill(stage, 'route-away');
    const report = reportScenario(context, observation);
    expect(report.conditions.filter(({ passed }) => !passed)).toEqual([]);
    expect(report.measures.map(({ id }) => id)).toEqual([
      'moved',
      'new',
      'kept',
      'held',
      'healthy',
      'returned',
      'level',
    ]);
    expect(stage.isAway).toBe(false);
  });

  it.each([
    ['a health check', { unhealthy: ['primary rest'] }, 'The health check primary rest is not healthy.'],
    ['a disagreement', { problems: ['The regions differ.'] }, 'The regions differ.'],
  ])('refuses to begin because of %s, and asks nobody', async (_, look, problem) => {
    const stage = new FakedStage();
    stage.look = { ...stage.look, ...look };
    await expect(drill(stage, 'lose-table')).rejects.toThrow(problem);
    expect(stage.done).toEqual([]);
  });

  it('refuses while another drill is not over, and says how it ends', async () => {
    const stage = new FakedStage();
    stage.open = {
      scenario: 'route-away',
      region: 'primary',
      who: 'ada@host',
      begun: '2030-01-01T00:00:00Z',
      until: '',
    };
    await expect(drill(stage, 'lose-table')).rejects.toThrow(/two-region drill dev --restore/);
    expect(stage.done).toEqual(['asked', 'locked', 'unlocked']);
  });

  it('changes nothing when it is not confirmed', async () => {
    const stage = new FakedStage();
    const confirm = () => Promise.reject(new Error('no'));
    await expect(drill(stage, 'lose-table', { confirm })).rejects.toThrow('no');
    expect(stage.done).toEqual([]);
  });

  it('takes back what it broke after Ctrl-C, and tries again where that fails', async () => {
    const stage = new FakedStage();
    stage.failingRestores = 2;
    const interruption = new AbortController();
    const onPhase = (text: string) => {
      if (text === 'It is broken.') setTimeout(() => interruption.abort(), 20);
    };
    await expect(drill(stage, 'lose-table', { signal: interruption.signal, onPhase })).rejects.toThrow(/abort/i);
    expect(stage.done.slice(-3)).toEqual(['taken back', 'written down: over', 'unlocked']);
    expect(stage.isBroken).toBe(false);
  });

  it('takes back what it broke before it waits for its load, and where the load cannot be sent at all, too', async () => {
    const stage = new FakedStage();
    stage.sendWhileBroken = async () => {
      stage.done.push('asked what is broken');
      await expect.poll(() => stage.isBroken, { timeout: 60_000 }).toBe(false);
      throw new Error('no credentials');
    };
    const interruption = new AbortController();
    const onPhase = (text: string) => {
      if (text === 'It is broken.') setTimeout(() => interruption.abort(), 100);
    };
    await expect(drill(stage, 'lose-table', { signal: interruption.signal, onPhase })).rejects.toThrow(/abort/i);
    expect(stage.done).toContain('asked what is broken');
    expect(stage.done.slice(-3)).toEqual(['taken back', 'written down: over', 'unlocked']);
    expect(stage.open).toBeUndefined();
  });

  it('says what its load met, once all is taken back, where nothing else ended it', async () => {
    const stage = new FakedStage();
    stage.sendWhileBroken = () => Promise.reject(new Error('no credentials'));
    await expect(drill(stage, 'lose-table')).rejects.toThrow('no credentials');
    expect(stage.done.slice(-3)).toEqual(['taken back', 'written down: over', 'unlocked']);
  });

  it('says what to run where it could not be taken back, and leaves it written down', async () => {
    const stage = new FakedStage();
    stage.failingRestores = 100;
    await expect(drill(stage, 'lose-table')).rejects.toThrow(/IAM does not answer.*two-region drill dev --restore/);
    expect(stage.open).toMatchObject({ scenario: 'lose-table', role: 'a-role' });
  });
});
