import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { describeDrill, describeHistory } from '#operator/drill/describe-drill.ts';
import { reportPage } from '#operator/drill/report/page.ts';
import { reportScenario } from '#operator/drill/report/report-scenario.ts';
import { type DrillReport, drillReportSchema } from '#operator/drill/report/report-schema.ts';
import type { Observation } from '#operator/drill/scenario/observation.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { at, lostRegion } from './observed.ts';

const plain = pc.createColors(false);

function reportOf(observation: Observation, changes: Partial<DrillReport> = {}): DrillReport {
  const scenario = reportScenario(context, observation);
  return drillReportSchema.parse({
    version: 1,
    stage: 'dev',
    place: 'local',
    regions: { primary: 'eu-central-1', secondary: 'eu-west-1' },
    timeScale: 10,
    load: 2,
    failback: 'manual',
    startedAt: scenario.startedAt,
    passed: scenario.passed,
    missed: [],
    preflight: ['Both regions are healthy.'],
    scenarios: [scenario],
    files: { html: 'drill/report.html', json: 'drill/report.json' },
    ...changes,
  });
}

const hostile = '<script>alert("x")</script>';
const losing = lostRegion({
  comparison: {
    acknowledged: 200,
    items: 150,
    lost: [{ route: hostile, item: 7, region: 'secondary', ackedAt: at(19), writtenIn: 'primary', kept: 'missing' }],
    conflicts: [{ route: 'POST /user/{id}', item: 8, stayed: 'secondary' }],
  },
  stale: [
    { route: 'GET /user/{id}', item: 9, readAt: at(90), region: 'secondary', ackedAt: at(19), writtenIn: 'primary' },
  ],
  status: [{ moment: 'during the fault', at: at(100), lines: [hostile] }],
});

describe('the report of a drill as HTML (B4)', () => {
  const page = reportPage(reportOf(losing, { missed: ['lose-region: RPO_SECONDS is 1, measured 1.5'] }));

  it('names each loss, stale read and conflict, and what was missed', () => {
    expect(page).toContain('1 lost');
    expect(page).toMatch(
      /Lost: .* item 7, acknowledged at 14:00:19.000 by the primary: the secondary region holds nothing/,
    );
    expect(page).toContain('Stale: GET /user/{id}, item 9, in the secondary region, 71000 ms after');
    expect(page).toContain('item 8; the secondary region&#39;s write stayed');
    expect(page).toContain('RPO_SECONDS is 1, measured 1.5');
    expect(page).toContain('<title>Drill of dev: failed</title>');
  });

  it('needs nothing but itself, has no script, and shows texts as texts', () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:/i);
    expect([...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, to]) => to)).toEqual(['#lose-region']);
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
    expect(page).toContain('prefers-color-scheme: dark');
    expect(page).toContain('@media print');
  });

  it('draws a bar for what failed where it failed, and each figure within what was predicted', () => {
    const failed = [...page.matchAll(/<rect class="failed" x="([\d.]+)"/g)].map(([, x]) => Number(x));
    // From 20 to 80 of 240 s, in either chart.
    expect(Math.min(...failed)).toBeGreaterThan(100);
    expect(Math.max(...failed)).toBeLessThan(320);
    expect(page).toMatch(/clients on kept connections were served<\/text>/);
    expect(page).not.toContain('class="late"');
  });
});

describe('a drill in a terminal (B4)', () => {
  it('says the verdict, each figure beside its prediction, and where the report is', () => {
    const text = describeDrill(reportOf(lostRegion()), plain);
    expect(text).toMatch(/^The drill of dev passed: lose-region\. \(seconds of AWS; time ran 10 times as fast\)/);
    expect(text).toMatch(/clients on new connections were served +60 s +predicted 20 to 90 s/);
    expect(text).toContain('0 of 200 acknowledged writes lost');
    expect(text).toMatch(/Report: drill\/report\.html$/);
    expect(describeDrill(reportOf(losing), plain)).toMatch(/^The drill of dev failed: lose-region/);
  });

  it('shows past drills and the trend of those that were repeated', () => {
    expect(describeHistory([], plain)).toContain('two-region drill --local');
    const past = (servedNew: number | null) => ({
      ...{
        at: '2026-01-31T14:00:00.000Z',
        stage: 'dev',
        scenario: 'lose-region' as const,
        passed: true,
        missed: false,
      },
      ...{ timeScale: 1, load: 50, noticed: 25, servedNew, servedKept: 61, failed: 4, lost: 0 },
    });
    const text = describeHistory([past(60), past(70), past(50), past(55)], plain);
    expect(text).toContain('lose-region: clients were served after 55 s, the middle of 3 before is 60 s.');
    expect(text).toMatch(/The last one was \d+ days ago|The last one was (today|yesterday)/);
    expect(describeHistory([past(null)], plain)).not.toContain('the middle');
  });
});
