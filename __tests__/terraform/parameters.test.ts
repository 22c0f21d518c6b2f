import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteParameterCommand, GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parameterPath } from '#stacks/naming.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { localParameterValues } from '#stacks/settings/parameter-values.ts';
import { clientSettings } from './support/account.ts';
import { Moto } from './support/moto.ts';
import { twoRegion } from './support/two-region.ts';

const settings = loadSettings('settings.conf');
const [stage = ''] = settings.stages;
const path = (name: string) => parameterPath({ settings, stage }, name);
const local = localParameterValues(settings);
const values = Object.fromEntries(settings.parameters.map((name) => [name, local[name] ?? '']));
const map = '{\n  "naïve": "simple — 单纯",\n  "colour": "color"\n}';
let moto: Moto;
let directory: string;
let file: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'two-region-params-'));
  file = join(directory, 'values.json');
  await writeFile(file, JSON.stringify({ ...values, replacement_map: map }));
  moto = await Moto.start();
});
afterAll(async () => {
  await moto?.stop();
  await rm(directory, { recursive: true });
});

const params = (args: readonly string[], input?: string) =>
  twoRegion(['params', ...args], { environment: moto.environment, ...(input !== undefined && { input }) });
const ssm = (region: string) => new SSMClient(clientSettings(moto, region));

describe.sequential('two-region params (S0.5)', () => {
  it('names what a stage lacks, exit code 2', async () => {
    const { exitCode, stdout } = await params(['check', stage]);
    expect(exitCode).toBe(2);
    for (const name of settings.parameters) expect(stdout).toContain(`${name}: is not set`);
  });

  it('puts every value of a file into both regions as SecureString', async () => {
    expect(await params(['put', stage, '--file', file])).toMatchObject({ exitCode: 0 });
    for (const region of [settings.primaryRegion, settings.secondaryRegion]) {
      const { Parameter } = await ssm(region).send(
        new GetParameterCommand({ Name: path('replacement_map'), WithDecryption: true }),
      );
      expect(Parameter).toMatchObject({ Type: 'SecureString', Value: map });
    }
    expect(await params(['check', stage])).toMatchObject({ exitCode: 0 });
  });

  it('puts one secret from standard input without showing it, and reveals it when asked', async () => {
    const secret = 'a-new-key-of-more-than-20-characters';
    const put = await params(['put', stage, 'api_key', '--file', '-'], `${secret}\n`);
    expect(put).toMatchObject({ exitCode: 0 });
    const listed = await params(['list', stage, '--json']);
    const got = await params(['get', stage, path('api_key')]);
    expect(put.output + listed.output + got.output).not.toContain(secret);
    const revealed = await params(['get', stage, path('api_key'), '--reveal', '--region', 'secondary']);
    expect(revealed.stdout).toBe(`${secret}\n`);
  });

  it('refuses a wrong secret without quoting it, and asks nothing where there is no terminal', async () => {
    const wrong = await params(['put', stage, 'api_key', '--file', '-'], 'short secret');
    expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
    expect(wrong.stderr).toContain('allowed: 20 to 128');
    expect(wrong.output).not.toContain('short secret');
    const asked = await params(['put', stage]);
    expect(asked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--file') });
  });

  it('finds a value that the secondary region lost, and brings it back', async () => {
    await ssm(settings.secondaryRegion).send(new DeleteParameterCommand({ Name: path('domain_name') }));
    const { exitCode, stdout } = await params(['check', stage, '--json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout).problems).toEqual([expect.objectContaining({ name: 'domain_name', kind: 'mirror' })]);
    expect(await params(['sync', stage])).toMatchObject({ exitCode: 0 });
    expect(await params(['check', stage])).toMatchObject({ exitCode: 0 });
  });
});
