import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFunctions } from '../../constructs/function-bundle.ts';
import { root } from '../measure.ts';

/**
 * A Serverless Framework service with the same health handler, served by serverless-offline 13. It is installed into a cache folder the
 * first time, so that the project doesn't depend on it.
 *
 * @returns the folder to start `node_modules/.bin/serverless` in
 */
export async function prepareServerlessOffline(port: number): Promise<string> {
  const folder = join(root, 'node_modules/.cache/two-region-api/serverless-offline');
  mkdirSync(join(folder, 'functions'), { recursive: true });
  if (!existsSync(join(folder, 'node_modules/serverless-offline'))) {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bench-peer', private: true }));
    execFileSync(
      'npm',
      ['install', '--no-audit', '--no-fund', '--save-exact', 'serverless@3.40.0', 'serverless-offline@13.9.0'],
      {
        cwd: folder,
        stdio: 'ignore',
      },
    );
  }
  const bundle = (await bundleFunctions(['healthcheck'])).get('healthcheck');
  if (bundle === undefined) throw new Error('There is no bundle of the function healthcheck.');
  cpSync(join(bundle.path, 'index.js'), join(folder, 'functions/healthcheck.js'));
  writeFileSync(
    join(folder, 'serverless.yml'),
    `service: bench
frameworkVersion: '3'
provider: { name: aws, runtime: nodejs20.x, region: eu-central-1, stage: envA }
plugins: [serverless-offline]
custom: { serverless-offline: { httpPort: ${port}, lambdaPort: ${port + 1}, noPrependStageInUrl: true } }
functions:
  healthcheck:
    handler: functions/healthcheck.handler
    environment: { STAGE: dev, REGION_TYPE: primary, AWS_REGION: eu-central-1 }
    events: [{ http: { method: get, path: /healthcheck } }]
`,
  );
  return folder;
}
