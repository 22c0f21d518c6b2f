import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#bench/measure.ts';
import { bundleFunctions } from '#constructs/bundle/function-bundle.ts';

/**
 * A Serverless Framework service of the same bundles, served by serverless-offline 13, without a log line per request. It is installed into a
 * cache folder the first time, so that the project doesn't depend on it.
 *
 * @param of.functions - whose bundles become `functions/<name>.js`
 * @param of.service - `functions:` of serverless.yml
 * @param of.apiKey - value of the key that routes with `private: true` ask for
 */
export async function prepareServerlessOffline(of: {
  readonly port: number;
  readonly functions: readonly string[];
  readonly service: string;
  readonly apiKey?: string;
}): Promise<{ readonly command: readonly [string, ...string[]]; readonly folder: string }> {
  const installed = install();
  const folder = join(installed, String(of.port));
  mkdirSync(join(folder, 'functions'), { recursive: true });
  const bundles = await bundleFunctions(of.functions);
  for (const { name, path } of bundles.values()) cpSync(join(path, 'index.js'), join(folder, `functions/${name}.js`));
  const key = of.apiKey === undefined ? '' : `apiGateway: { apiKeys: [{ name: bench, value: ${of.apiKey} }] }, `;
  writeFileSync(
    join(folder, 'serverless.yml'),
    `service: bench
frameworkVersion: '3'
provider: { name: aws, runtime: nodejs20.x, region: eu-central-1, ${key}stage: envA }
plugins: [serverless-offline]
custom: { serverless-offline: { httpPort: ${of.port}, lambdaPort: ${of.port + 1}, noPrependStageInUrl: true } }
${of.service}`,
  );
  const binary = join(installed, 'node_modules/.bin/serverless');
  return { command: ['env', 'SLS_LOG_LEVEL=error', binary, 'offline'], folder };
}

function install(): string {
  const folder = join(root, 'node_modules/.cache/two-region-api/serverless-offline');
  if (existsSync(join(folder, 'node_modules/serverless-offline'))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bench-peer', private: true }));
  const packages = ['serverless@3.40.0', 'serverless-offline@13.9.0'];
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--save-exact', ...packages], {
    cwd: folder,
    stdio: 'ignore',
  });
  return folder;
}
