import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drillReportSchema, type ScenarioReport } from '#operator/drill/report/report-schema.ts';
import { patientFunctions, type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';

const bin = new URL('../../../../tools/operator/two-region.mjs', import.meta.url).pathname;
vi.setConfig({ testTimeout: 600_000 });

/** A loaded machine runs schedules late: what is missing is no reason for an alarm here. */
function patientAlarms(json: string): string {
  return json.replaceAll('"treat_missing_data":"breaching"', '"treat_missing_data":"notBreaching"');
}

let stage: RunningStage;
beforeAll(async () => {
  stage = await startStage({
    timeScale: 40,
    // The same settings as another test's, which has them synthesized already; objectives are read by the drill alone.
    settings: { FAILBACK: 'manual' },
    terraform: (name, json) => patientAlarms(patientFunctions(name, json)),
  });
  const conf = join(stage.directory, 'settings.conf');
  const content = await readFile(conf, 'utf8');
  await writeFile(
    conf,
    content.replace('RTO_SECONDS="none"', 'RTO_SECONDS=1').replace('RPO_SECONDS="none"', 'RPO_SECONDS=3600'),
  );
}, 600_000);
afterAll(() => stage?.close());

/** Runs a drill in the folder of the runtime. */
function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [bin, 'drill', '--local', '--load', '4', ...args], {
    cwd: stage.directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([text(child.stdout), once(child, 'exit')]);
  return { child, ended };
}

async function drill(...args: readonly string[]) {
  const { child, ended } = start('--json', ...args);
  child.stderr.resume();
  const [stdout, [code]] = await ended;
  return { code, document: JSON.parse(stdout) };
}

const quiet = () =>
  vi.waitUntil(() => stage.controls.alarms().alarms.every(({ state }) => state !== 'ALARM'), { timeout: 240_000 });
/** Conditions of a machine that is as fast as it should be are none of a test's. */
const held = ({ conditions }: ScenarioReport, ...ids: readonly string[]) =>
  conditions.filter(({ id }) => ids.includes(id)).map(({ id, passed }) => [id, passed]);
const atHome = () => {
  const { regions, entries, partitioned } = stage.controls.status();
  return (
    !partitioned &&
    !regions.primary.failed &&
    !regions.secondary.failed &&
    entries.every(({ region }) => region === 'primary')
  );
};

describe('two-region drill --local (B4)', () => {
  it('loses a region, holds traffic, lets it return, loses no write, keeps the report, and says which objective was missed', async () => {
    const { code, document } = await drill('--report', 'drill');
    const report = drillReportSchema.parse(document);
    const [lost] = report.scenarios;
    if (!lost) throw new Error('nothing was drilled');
    const ids = ['noticed', 'moved', 'returned', 'tried', 'nothing-lost', 'level', 'healthy'];
    expect(held(lost, ...ids)).toEqual(ids.map((id) => [id, true]));
    expect(lost.saw.status[0]?.lines.join()).toContain('The primary region was made to fail');
    expect(atHome()).toBe(true);
    expect(report.missed).toEqual([expect.stringMatching(/^lose-region: RTO_SECONDS is 1, measured /)]);
    expect(code).toBe(2);
    expect(JSON.parse(await readFile(join(stage.directory, 'drill/report.json'), 'utf8'))).toEqual(document);
    expect(await readFile(join(stage.directory, 'drill/report.html'), 'utf8')).toContain('A region is lost');
    const { drills } = JSON.parse(await readFile(join(stage.directory, '.two-region/drills.json'), 'utf8'));
    expect(drills).toMatchObject([{ scenario: 'lose-region', missed: true, lost: 0 }]);
  });

  it('finds that nothing moves where no health check notices, and mends it all the same', async () => {
    await quiet();
    const { document } = await drill('--scenario', 'flap');
    const [flapped] = drillReportSchema.parse(document).scenarios;
    if (!flapped) throw new Error('nothing was drilled');
    expect(held(flapped, 'tried', 'nothing-lost', 'healthy')).toEqual([
      ['tried', true],
      ['nothing-lost', true],
      ['healthy', true],
    ]);
    expect(flapped.moves).toBe(false);
    expect(atHome()).toBe(true);
  });

  it('mends what it has broken when it is interrupted, and refuses to begin while something is broken', async () => {
    await quiet();
    const { child, ended } = start();
    const said: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (line: string) => said.push(line));
    await vi.waitUntil(() => stage.controls.status().regions.primary.failed, { timeout: 240_000 });
    child.kill('SIGINT');
    const [stdout, [code]] = await ended;
    expect({ code, stdout, failed: stage.controls.status().regions.primary.failed }).toEqual({
      code: 1,
      stdout: '',
      failed: false,
    });
    expect(said.join('')).toContain('Interrupted: both regions respond again');
    stage.controls.fail('secondary');
    const refused = await drill();
    stage.controls.recover('secondary');
    expect(refused).toMatchObject({
      code: 2,
      document: { error: { message: expect.stringContaining('two-region local recover secondary') } },
    });
  });
});
