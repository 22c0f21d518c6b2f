import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Why images cannot be built and run here; undefined where they can. */
export function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'a container is run here by root alone';
  const missing = ['buildah', 'unshare', 'chroot'].filter((name) => !isThere(name));
  return missing.length === 0 ? undefined : `there is no ${missing.join(' and no ')} (Debian: apt-get install buildah)`;
}

export function isThere(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

const inspected = z.object({
  FromImageID: z.string(),
  OCIv1: z.object({ architecture: z.string() }),
  Docker: z.object({
    config: z.object({
      User: z.string(),
      Env: z.array(z.string()),
      Entrypoint: z.array(z.string()),
      ExposedPorts: z.record(z.string(), z.unknown()),
      Healthcheck: z.object({ Test: z.array(z.string()) }),
    }),
  }),
});
export type Image = z.output<typeof inspected>;

interface BuildOptions {
  /** Stands for the root of the Dockerfile's first stage: what that makes is in its folder `bundle`. */
  readonly firstStage: string;
  readonly runtimeImage: string;
  /** @default - of this machine */
  readonly platform?: string;
  /** Docker's keeps the health check, but also a name that buildah makes up. @default docker */
  readonly format?: 'docker' | 'oci';
}

/** Builds and runs images without a daemon and without a registry, in a folder of its own. */
export class Buildah {
  readonly #folder = mkdtempSync(join(tmpdir(), 'images-'));

  /** An image of this machine's Node.js and its libraries, where distroless images have it; no registry is needed for it. */
  baseImage(): string {
    const files = join(this.#folder, 'base');
    const node = realpathSync(process.execPath);
    const libraries = execFileSync('ldd', [node], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
    for (const library of libraries) copy(library, join(files, library));
    copy(node, join(files, 'nodejs/bin/node'));
    const container = this.#run('from', 'scratch').trim();
    this.#run('copy', container, files, '/');
    this.#run('commit', '--quiet', '--timestamp', '0', container, 'localhost/local-node');
    return 'localhost/local-node';
  }

  /** Builds the Dockerfile's last stage. @returns id of the image */
  build(tag: string, { firstStage, runtimeImage, platform, format = 'docker' }: BuildOptions): string {
    const file = join(this.#folder, `${tag}.id`);
    this.#run(
      ...['bud', '--quiet', '--format', format, '--isolation', 'chroot', '--timestamp', '0', '--iidfile', file],
      ...['--build-context', `bundle=${firstStage}`, '--build-arg', `RUNTIME_IMAGE=${runtimeImage}`],
      ...(platform === undefined ? [] : ['--platform', platform]),
      ...['--tag', tag, '--file', join(root, 'container/image/Dockerfile'), root],
    );
    return execFileSync('cat', [file], { encoding: 'utf8' });
  }

  inspect(image: string): Image {
    return inspected.parse(JSON.parse(this.#run('inspect', '--type', 'image', image)));
  }

  /** The root of a container of an image. */
  unpack(image: string): string {
    const container = this.#run('from', '--pull-never', image).trim();
    return this.#run('mount', container).trim();
  }

  close(): void {
    this.#run('rm', '--all');
    this.#run('rmi', '--all', '--force');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(...args: readonly string[]): string {
    const places = [
      '--storage-driver',
      'vfs',
      '--root',
      join(this.#folder, 'storage'),
      '--runroot',
      join(this.#folder, 'run'),
    ];
    return execFileSync('buildah', [...places, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }
}

/** Runs a command in a container's root, which cannot be written, as the image's user. The process is the command itself. */
export function runReadOnly(
  rootfs: string,
  { Docker: { config } }: Image,
  command: readonly string[],
  variables: Readonly<Record<string, string>> = {},
) {
  const script =
    'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && user=$1 && shift && exec chroot --userspec="$user" "$0" "$@"';
  const own = Object.fromEntries(
    config.Env.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  return spawn('unshare', ['--mount', 'sh', '-c', script, rootfs, config.User, ...command], {
    // Engines give a user without a home the root for one.
    env: { PATH: process.env.PATH, HOME: '/', ...own, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(realpathSync(from), to);
}
