import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { startLocalRuntime } from '#local/index.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { localRuntimeCommand } from './local-runtime.ts';
import { root } from './measure.ts';

/*
 * A local runtime for bench/watching.ts: `PORT bare` without metrics, alarms and web ACL, `PORT watched` with them, `PORT traced` with the ways of requests, too.
 */

const [port = '', kind] = process.argv.slice(2);
const { folder } = localRuntimeCommand(Number(port));
const directory = mkdtempSync(join(tmpdir(), 'two-region-watching-'));
copyFileSync(join(folder, 'settings.conf'), join(directory, 'settings.conf'));
const log = new RuntimeLog();
if (kind === 'traced') log.spans.keep();
await startLocalRuntime({
  synthesize: () =>
    synthesizeStage({ directory: folder, stage: undefined, outdir: join(directory, 'cdktf.out'), kept: true }),
  port: Number(port),
  replicationLagMilliseconds: 0,
  timeScale: 1,
  directory,
  isWatched: kind !== 'bare',
  log,
});
console.error(`${kind}: ${root}`);
