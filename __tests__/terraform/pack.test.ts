import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackArchive } from '#operator/pack/archive.ts';
import { terraformFile, thisPlatform } from '#operator/pack/layout.ts';
import { refusedSurroundings } from '#operator/pack/refused-surroundings.ts';
import { verifyPack } from '#operator/pack/verify-pack.ts';
import { type StageOnMoto, stageOnMoto } from './operator/stage-on-moto.ts';
import { run } from './support/run.ts';

const LONG = 1_200_000;

/** Refuses everything, and remembers who was to be asked. */
async function refusingProxy() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(503).end();
  });
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? (address satisfies AddressInfo).port : 0;
  return { url: `http://127.0.0.1:${port}`, asked, close: () => server.close() };
}

/** The whole project with real Terraform and its real providers. Where they came from is refused afterwards. */
describe.sequential('an archive for a day without registries (B25)', () => {
  let stage: StageOnMoto;
  let proxy: Awaited<ReturnType<typeof refusingProxy>>;
  let folder: string;
  let file = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'two-region-pack-test-'));
    proxy = await refusingProxy();
    stage = await stageOnMoto();
  });
  afterAll(async () => {
    proxy?.close();
    await stage?.close();
    await rm(folder, { recursive: true });
  });

  it('is packed with Terraform, providers, packages and stacks', { timeout: LONG }, async () => {
    const { TERRAFORM_BINARY_NAME: _, TF_CLI_ARGS_providers_lock: __, ...environment } = process.env;
    const script = join(process.cwd(), 'tools/operator/two-region.mjs');
    const args = [script, 'pack', stage.context.stage, '--output', folder, '--json'];
    const packed = await run(process.execPath, args, process.cwd(), {
      ...environment,
      TERRAFORM_BINARY_NAME: 'terraform',
    });
    expect(packed.stderr).toContain('packing');
    const report = JSON.parse(packed.stdout);
    expect(report).toMatchObject({ manifest: { platform: thisPlatform(), parts: { terraform: { files: 1 } } } });
    file = report.file;
  });

  it('passes with every registry refused, and asks none', { timeout: LONG }, async () => {
    const { checks } = await verifyPack(file, { onPhase: () => undefined, proxy: proxy.url });
    expect(checks.map(({ name, outcome, found }) => (outcome === 'ok' ? name : `${name}: ${found}`))).toEqual([
      ...['archive', 'contents', 'secrets', 'command line', 'synthesis', 'Terraform', 'providers'],
    ]);
    expect(proxy.asked).toEqual([]);
  });

  it('plans a stack against AWS out of nothing but itself', { timeout: LONG }, async () => {
    const [unpacked, home] = [join(folder, 'unpacked'), join(folder, 'home')];
    for (const each of [unpacked, home]) await mkdir(each);
    await unpackArchive(file, unpacked);
    const project = join(unpacked, (await readdir(unpacked))[0] ?? '');
    const terraform = terraformFile(project, thisPlatform());
    const refused = refusedSurroundings(home, proxy.url);
    const environment = {
      ...stage.moto.environment,
      ...refused,
      PATH: [dirname(terraform), refused.PATH].join(delimiter),
      // What moto can't do is left out before each init; the Terraform that it starts is the archive's.
      TERRAFORM_BINARY_NAME: process.env.TERRAFORM_BINARY_NAME,
      ...{ TF_CLI_CONFIG_FILE: undefined, TF_PLUGIN_CACHE_DIR: undefined, WARM_PROVIDERS: undefined },
    };
    const args = [join(project, 'tools/operator/two-region.mjs'), 'diff', stage.context.stage, 'data', '--json'];
    const { stdout, stderr } = await run(process.execPath, args, project, environment);
    expect({ stderr, ...JSON.parse(stdout) }).toMatchObject({ stacks: [{ stack: 'data', outcome: 'changes' }] });
    expect(proxy.asked).toEqual([]);
  });
});
