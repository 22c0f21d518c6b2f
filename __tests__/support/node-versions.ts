import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/*
 * `npm run test:node-versions [major …]`: what the README promises, `npm ci && npm start` and `npm ci && npm test`, in a fresh copy of the
 * project, under each Node.js that is supported. The registry's packages node-PLATFORM-ARCHITECTURE carry the programs.
 */

const SUPPORTED = ['20', '22', '24'];
const root = fileURLToPath(new URL('../..', import.meta.url));
const programs = join(root, 'node_modules/.cache/two-region-api/node');

/** What it came to: a line per step. @throws Error with what a step printed, when it fails */
type Step = (folder: string, environment: NodeJS.ProcessEnv) => Promise<string>;

const steps: Readonly<Record<string, Step>> = {
  'npm ci': async (folder, environment) => {
    await npm(['ci', '--no-audit', '--no-fund'], folder, environment);
    return 'installed';
  },
  'npm start': async (folder, environment) => {
    const args = ['start', '--silent', '--', '--port', '0', '--json', '--quiet'];
    // A group of its own, as a terminal makes one: Ctrl-C reaches npm and what it runs.
    const child = spawn('npm', args, {
      cwd: folder,
      env: environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = text(child.stderr);
    const exited = once(child, 'exit');
    const first = await Promise.race([
      createInterface(child.stdout)[Symbol.asyncIterator]().next(),
      exited.then(async () => Promise.reject(new Error(await said))),
    ]);
    const { entry } = JSON.parse(first.value);
    const response = await fetch(`${entry}/healthcheck`);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    const [code] = await exited;
    const warnings = /warning/i.test(await said) ? await said : '';
    if (response.status !== 200 || code !== 0 || warnings) {
      throw new Error(`GET /healthcheck ${response.status}, exit code ${code}. ${warnings}`);
    }
    return `GET ${entry}/healthcheck 200, Ctrl-C ends it with 0, no warnings`;
  },
  'npm test': async (folder, environment) => {
    const output = await npm(['test'], folder, environment);
    return output.match(/Tests +(.+)/)?.[1] ?? 'passed';
  },
};

const majors = process.argv.length > 2 ? process.argv.slice(2) : SUPPORTED;
for (const major of majors) {
  const bin = await programOf(major);
  const environment = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, NO_COLOR: '1' };
  const version = execFileSync(join(bin, 'node'), ['--version'], { encoding: 'utf8' }).trim();
  const folder = copyOfProject();
  for (const [name, step] of Object.entries(steps)) {
    const began = Date.now();
    const outcome = await step(folder, environment).catch((error: Error) => {
      process.exitCode = 1;
      return `FAILED: ${error.message}`;
    });
    console.log(`${version}  ${name.padEnd(9)}  ${Math.round((Date.now() - began) / 1000)} s  ${outcome}`);
  }
  rmSync(folder, { recursive: true });
}

/** The folder of the newest `node` of a major version. */
async function programOf(major: string): Promise<string> {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = join(programs, major);
  const bin = join(folder, 'node_modules', name, 'bin');
  if (!existsSync(bin)) {
    mkdirSync(folder, { recursive: true });
    await npm(
      ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-save', `${name}@${major}`],
      folder,
      process.env,
    );
  }
  return bin;
}

/** What a clone would hold, uncommitted changes included. */
function copyOfProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'two-region-node-'));
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const files = execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\0');
  for (const file of files.filter((each) => each !== '' && existsSync(join(root, each)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
  return folder;
}

async function npm(args: readonly string[], folder: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn('npm', args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  if (code !== 0) throw new Error(`exit code ${code}\n${out.slice(-8000)}${err.slice(-2000)}`);
  return out;
}
