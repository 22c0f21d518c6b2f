import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startControl } from '#local/control/server.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Service } from '#local/http/listen.ts';
import { type SsmService, startSsm } from '#local/ssm/ssm.ts';
import { parameterPath } from '#stacks/naming.ts';
import { regionMessage, regionsMessage } from '#tests/tools/local/support/regions-message.ts';
import { stoppedControls } from '#tests/tools/operator/call/stopped-controls.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';
import { context, settingsText } from './stores.ts';

let folder: string;
let regions: { primary: SsmService; secondary: SsmService };
let control: Service;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'params-'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  await writeFile(join(folder, 'settings.conf'), settingsText);
  const start = (region: string) => startSsm({ region, parameters: [], authorize: async () => ({ allowed: true }) });
  const [primary, secondary] = await Promise.all([start('eu-central-1'), start('eu-west-1')]);
  regions = { primary, secondary };
  const message = (region: string, { url }: SsmService) => regionMessage({ region, services: { ssm: url } });
  const told = { primary: message('eu-central-1', primary), secondary: message('eu-west-1', secondary) };
  control = await startControl({
    controls: { ...stoppedControls, regions: () => regionsMessage({ regions: told }) },
    log: new RuntimeLog(),
    directory: folder,
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all([control.close(), regions.primary.close(), regions.secondary.close()]);
  await rm(folder, { recursive: true });
});

const inBoth = (name: string) =>
  [regions.primary, regions.secondary].map((region) => region.get(parameterPath(context, name)));

async function put(...args: string[]) {
  const file = join(folder, 'map.json');
  await writeFile(file, '{"colour":"color"}\n');
  return runHere(['params', 'put', ...args, '--file', file]);
}

describe('two-region params --local (S0.5, S3)', () => {
  it('takes the stage that runs when none is given', async () => {
    expect(await put('--local', 'replacement_map')).toMatchObject({ code: 0 });
    expect(inBoth('replacement_map')).toEqual(['{"colour":"color"}', '{"colour":"color"}']);
    const read = await runHere(['params', 'get', '--local', 'replacement_map']);
    expect(read).toMatchObject({ code: 0, stdout: '{"colour":"color"}\n' });
    expect((await runHere(['params', 'list', '--local', '--json'])).stdout).toContain('"stage":"dev"');
  });

  it.each(['primary', 'secondary'] as const)(
    'sets, checks and shows without the %s region, of which nothing is asked, and says what it lacks (B16)',
    async (lost) => {
      await put('--local', 'replacement_map');
      await regions[lost].close();
      const file = join(folder, 'other.json');
      await writeFile(file, '{"grey":"gray"}');
      const flags = ['--local', '--without', lost];
      const wrong = join(folder, 'wrong.json');
      await writeFile(wrong, '[]');
      expect(await runHere(['params', 'put', 'replacement_map', '--file', wrong, ...flags])).toMatchObject({ code: 2 });
      const written = await runHere(['params', 'put', 'replacement_map', '--file', file, ...flags]);
      expect(written).toMatchObject({ code: 0, stderr: expect.stringContaining(`The ${lost} region has to catch up`) });
      // What was refused is nothing to catch up on.
      expect(written.stderr.match(/has to catch up/g)).toHaveLength(1);
      expect(written.stdout).toContain('left out');
      const left = lost === 'primary' ? regions.secondary : regions.primary;
      expect(left.get(parameterPath(context, 'replacement_map'))).toBe('{"grey":"gray"}');
      // What is missing is missing in the region that was asked; nothing is said of the other one.
      expect((await runHere(['params', 'check', ...flags])).stdout).not.toContain('mirror');
      const got = await runHere(['params', 'get', 'dev', 'replacement_map', ...flags]);
      expect(got).toMatchObject({ code: 0, stdout: '{"grey":"gray"}\n' });
      const listed = await runHere(['params', 'list', ...flags]);
      expect(listed).toMatchObject({ code: 0, stderr: expect.stringContaining(`the ${lost} one was not asked`) });
      expect(listed.stdout).toMatch(/replacement_map +\{"grey":"gray"\}$/m);
      if (lost === 'secondary') return;
      for (const args of [
        ['get', '--local', 'replacement_map'],
        ['list', '--local'],
      ]) {
        const gone = { code: 1, stderr: expect.stringContaining('with --without primary') };
        expect(await runHere(['params', ...args])).toMatchObject(gone);
      }
      expect(await runHere(['params', 'sync', '--local'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('were set in the secondary region alone'),
      });
    },
  );

  it('takes the stage, too', async () => {
    expect(await put('dev', 'replacement_map', '--local')).toMatchObject({ code: 0 });
    expect(inBoth('replacement_map')).toEqual(['{"colour":"color"}', '{"colour":"color"}']);
  });

  it.each([
    {
      args: ['--local', 'replacement_mop'],
      says: /got the parameter replacement_mop.*Did you mean "replacement_map"/s,
    },
    { args: ['--local', 'prod', 'replacement_map'], says: /The local runtime runs the stage dev, not prod\./ },
    { args: ['replacement_map'], says: /STAGE is "replacement_map"/ },
    { args: [], says: /<stage> is missing.*--local/ },
  ])('refuses put $args, and changes nothing', async ({ args, says }) => {
    const { code, stderr } = await put(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
    expect(inBoth('replacement_map')).toEqual([undefined, undefined]);
  });

  it('reads in one region, whichever way it is named', async () => {
    const { code, stderr } = await runHere([
      'params',
      'get',
      '--local',
      'replacement_map',
      '--region',
      'primary',
      '--without',
      'primary',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('--without');
  });

  it('asks for the name of what to get', async () => {
    const { code, stderr } = await runHere(['params', 'get', '--local']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/<name> is missing/);
  });
});
