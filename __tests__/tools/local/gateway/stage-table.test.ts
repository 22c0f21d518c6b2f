import { expect, it, onTestFinished, vi } from 'vitest';
import { StageTable } from '#local/gateway/stage-table.ts';
import { API_ID } from './rest/support/model.ts';
import { DOMAIN, domainTo } from './support/kinds.ts';

it('mappings reach ever more requests while they propagate, and all of them afterwards (S0.12)', () => {
  const entries = ['envA', 'envB'].map((name) => ({ apiId: API_ID, name, stage: name }));
  const apis = [{ id: API_ID, isExecuteApiClosed: false }];
  const table = new StageTable({ region: 'eu-central-1', domains: [domainTo('envA')] }, { apis, entries }, false);
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1000);
  const random = vi.spyOn(Math, 'random');
  onTestFinished(() => void vi.restoreAllMocks());
  const picked = (now: number, draw: number) => {
    clock.mockReturnValue(now);
    random.mockReturnValue(draw);
    return table.pick(DOMAIN, '/any')?.stage;
  };
  table.setDomains([domainTo('envB')], 5000);
  expect([picked(1000, 0), picked(2000, 0.19), picked(2000, 0.21), picked(5900, 0.97)]).toEqual([
    'envA',
    'envB',
    'envA',
    'envB',
  ]);
  expect(picked(6000, 0.999)).toBe('envB');
  // Back before all have moved: some still have the mappings before the last.
  table.setDomains([domainTo('envA')], 5000);
  expect([picked(6001, 0.5), picked(10_999, 0.5)]).toEqual(['envB', 'envA']);
});
