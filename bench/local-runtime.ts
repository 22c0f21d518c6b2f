import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './measure.ts';

/**
 * How to start the local runtime for a load: in a folder of its own, so that another may run beside it, and with a usage plan that lets the
 * load pass.
 *
 * @param port - of the entry; the regions take the next ones
 */
export function localRuntimeCommand(port: number): {
  readonly command: readonly [string, ...string[]];
  readonly folder: string;
} {
  const folder = join(root, 'node_modules/.cache/two-region-api/bench-runtime', String(port));
  mkdirSync(folder, { recursive: true });
  const settings = readFileSync(join(root, 'settings.conf'), 'utf8')
    .replace(/^((?:THROTTLE|ROUTE)_RATE_LIMIT)=.*$/gm, '$1=10000')
    .replace(/^((?:THROTTLE|ROUTE)_BURST_LIMIT)=.*$/gm, '$1=5000')
    // The load alone would use all of them.
    .replace(/^HEALTHCHECK_CONCURRENCY=.*$/m, 'HEALTHCHECK_CONCURRENCY=0')
    .replace(/^QUOTA_LIMIT=.*$/m, 'QUOTA_LIMIT=1000000000');
  writeFileSync(join(folder, 'settings.conf'), settings);
  return {
    command: ['node', join(root, 'tools/operator/two-region.mjs'), 'local', '--port', String(port), '--quiet'],
    folder,
  };
}
