import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { startLocalRuntime } from '#local/index.ts';
import { thisCommand } from '#operator/lock/hold-lock.ts';
import { openLocalSwitchPlace } from '#operator/switch/local/local-switch-place.ts';
import { switchStage } from '#operator/switch/switch-stage.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { root } from './measure.ts';

/*
 * How many files of the kit one keyed request and one switch pass: those with a function that ran while it was under way, by V8's counts.
 * The function's own process, the client that asks and what runs anyway (health checks, replication) are not among them.
 */

const directory = mkdtempSync(join(tmpdir(), 'two-region-passes-'));
copyFileSync(join(root, 'settings.conf'), join(directory, 'settings.conf'));
const runtime = await startLocalRuntime({
  synthesize: () => synthesizeStage({ directory: root, stage: undefined, outdir: join(directory, 'cdktf.out') }),
  port: 0,
  replicationLagMilliseconds: 0,
  timeScale: 1,
  directory,
  log: new RuntimeLog(),
});
const session = new Session();
session.connect();
await session.post('Profiler.enable');

/** Files with a function that ran during `work`. */
async function filesOf(work: () => Promise<unknown>): Promise<ReadonlySet<string>> {
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  await session.post('Profiler.takePreciseCoverage');
  await work();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  await session.post('Profiler.stopPreciseCoverage');
  const files = new Set<string>();
  for (const { url, functions } of result) {
    if (!url.startsWith('file://') || url.includes('/node_modules/')) continue;
    const ran = functions.some(({ functionName, ranges }) => functionName !== '' && (ranges[0]?.count ?? 0) > 0);
    const file = fileURLToPath(url).slice(root.length);
    if (ran && !file.startsWith('bench/')) files.add(file);
  }
  return files;
}

const { entry, apiKey } = runtime.summary;
const request = async () => {
  const response = await fetch(`${entry}/string/replace`, {
    method: 'POST',
    headers: { 'x-api-key': apiKey ?? '', 'content-type': 'application/json' },
    body: JSON.stringify({ content: 'The colour of the centre' }),
  });
  if (response.status !== 200) throw new Error(`POST /string/replace responded with ${response.status}`);
  await response.text();
};
const idle = await filesOf(() => new Promise((resolve) => setTimeout(resolve, 1_000)));
const without = (files: ReadonlySet<string>) => [...files].filter((file) => !idle.has(file)).sort();

await request();
print('POST /string/replace through the public name', without(await filesOf(request)));
process.chdir(directory);
const change = async () =>
  switchStage(
    await openLocalSwitchPlace('dev'),
    { kind: 'switch' },
    { owner: thisCommand(), confirm: async () => undefined },
  );
await change();
const both = without(await filesOf(change));
print(
  'switch --local, the command',
  both.filter((file) => !file.startsWith('tools/local/')),
);
print(
  'switch --local, the runtime',
  both.filter((file) => file.startsWith('tools/local/')),
);

await runtime.close();
rmSync(directory, { recursive: true });
process.exit(0);

function print(what: string, files: readonly string[]): void {
  console.log(`${what}: ${files.length} files`);
  for (const file of files) console.log(`  ${file}`);
}
