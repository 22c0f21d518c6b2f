import { afterEach, describe, expect, it, vi } from 'vitest';
import { patientFunctions, type RunningStage, startStage } from './support/running-stage.ts';

let stage: RunningStage;
const seen: string[] = [];
/** A stage whose watching function may move traffic. */
async function start(settings: Readonly<Record<string, string>>) {
  seen.length = 0;
  const automatic = { ROUTE_AWAY: 'automatic', ...settings };
  stage = await startStage({ timeScale: 25, settings: automatic, terraform: patientFunctions });
  stage.log.subscribe((event) => {
    if (event.kind === 'function' && event.logGroup.endsWith('-region-watch'))
      seen.push(`${event.region} ${event.line}`);
    if (event.kind === 'alarm') seen.push(`${event.name} ${event.state}`);
  });
}
afterEach(() => stage?.close());

vi.setConfig({ testTimeout: 600_000 });
const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 240_000 });
const at = (text: string) => seen.findIndex((line) => line.includes(text));
const saw = (text: string) => until(() => at(text) >= 0);
const leadTo = (region: string) =>
  until(() => stage.controls.status().entries.every((entry) => entry.region === region));

describe('ROUTE_AWAY="automatic" on this machine (S4.6)', () => {
  it('moves traffic from a region whose data fail though it responds, once that has lasted', async () => {
    await start({});
    await saw('"outcome":"well"');
    stage.controls.fail('primary', { part: 'table:two-region-api-dev-table-a', mode: { kind: 'errors', share: 1 } });
    await saw('"outcome":"now away"');
    expect(at('"outcome":"not for long enough"')).toBeLessThan(at('two-region-api-dev-region-watch ALARM'));
    expect(at('two-region-api-dev-region-watch ALARM')).toBeLessThan(at('"outcome":"now away"'));
    expect(seen[at('"outcome":"now away"')]).toContain('"probe":"ill","publicNames":"ill"');
    await leadTo('secondary');
    // Well again: what has moved stays, as after any route-away.
    stage.controls.recover('primary');
    await saw('two-region-api-dev-region-watch OK');
    expect(stage.controls.status().entries.map(({ region }) => region)).toEqual(['secondary', 'secondary']);
  });

  it('with both regions active each watches the other, and traffic leaves the one that is ill (S4.2)', async () => {
    await start({ ROUTING_POLICY: 'weighted', FAILBACK: 'automatic' });
    const well = (region: string) =>
      until(() => seen.some((line) => line.startsWith(region) && line.includes('"outcome":"well"')));
    await Promise.all([well('primary'), well('secondary')]);
    stage.controls.fail('secondary', { part: 'table:two-region-api-dev-table-a', mode: { kind: 'errors', share: 1 } });
    await saw('"outcome":"now away"');
    expect(seen[at('"outcome":"now away"')]).toMatch(/^primary .+"probe":"ill"/);
    await leadTo('primary');
    expect(seen.filter((line) => line.startsWith('secondary') && line.includes('now away'))).toEqual([]);
  });
});
