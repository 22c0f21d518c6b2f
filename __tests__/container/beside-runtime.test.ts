import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hostileRequest, hostilities } from '#tests/support/hostile/hostility.ts';
import { expectExamplesToWork, judge } from '#tests/support/hostile/judge.ts';
import { mistakes } from '#tests/support/hostile/mistakes.ts';
import type { Route } from '#tests/support/hostile/routes.ts';
import { patientFunctions, type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';
import { closeClients, expectSameRefusal, type Pair, pairsOf, RAISED } from './support/container-routes.ts';
import { hasSchemathesis, schemathesis, signingDoor, TO_BE_SIGNED } from './support/schemathesis.ts';

const bin = new URL('../../tools/operator/two-region.mjs', import.meta.url).pathname;
const RUNS = 120;
const NEW_KEY = 'another-key-that-came-by-rotation';

let stage: RunningStage;
let child: ChildProcess;
let pairs: readonly Pair[] = [];
let routes: readonly Route[] = [];
const log: { readonly level: string; readonly message: string; readonly port?: number }[] = [];

/** The container API is run as a team runs it: by the command, beside a running runtime. */
beforeAll(async () => {
  stage = await startStage({ settings: RAISED, terraform: patientFunctions });
  child = spawn(process.execPath, [bin, 'local', 'container', '--port', '0'], {
    cwd: stage.directory,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('The command has no stdout.');
  createInterface(child.stdout).on('line', (line) => log.push(JSON.parse(line)));
  await vi.waitFor(() => expect(log).toMatchObject([{ message: 'Listening' }]), 180_000);
  const port = log[0]?.port ?? 0;
  pairs = pairsOf(stage, port);
  routes = pairs.map(({ container }) => container);
}, 240_000);
afterAll(async () => {
  closeClients(pairs);
  if (child?.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
  await stage?.close();
}, 60_000);

describe('the container API beside the local runtime (S3.12)', () => {
  it('answers the examples of the contract', async () => {
    await expectExamplesToWork(routes);
  });

  it.each(mistakes)('refuses $what as the REST API does', { timeout: 60_000 }, async (mistake) => {
    await expectSameRefusal(pairs, mistake);
  });

  it('refuses or survives whatever is done to its requests, and admits a key that was added meanwhile', {
    timeout: 240_000,
  }, async () => {
    await addKey();
    const attack = fc.asyncProperty(hostilities, async (hostility) => {
      for (const route of routes) {
        const request = await hostileRequest(route, hostility);
        judge(route, request, await route.client.send(request));
      }
    });
    await fc.assert(attack, { numRuns: RUNS, seed: 3 });
    const withNewKey = routes.map((route) => ({ ...route, target: { ...route.target, apiKey: NEW_KEY } }));
    await vi.waitFor(() => expectExamplesToWork(withNewKey), { timeout: 60_000, interval: 250 });
    await expectExamplesToWork(routes);
    const failed = log.filter(({ level, message }) => level === 'ERROR' && message !== 'A dependency did not answer');
    expect(failed).toEqual([]);
  });

  it.runIf(hasSchemathesis)('and both gateways keep to the OpenAPI document, schemathesis says', async () => {
    const { directory, summary } = stage;
    const headers = { 'x-api-key': summary.apiKey };
    const { primary } = summary.regions;
    const door = await signingDoor(primary.httpEnvironments.envA ?? '', summary.invoker, primary.region);
    const [container] = routes;
    const found = [
      await schemathesis({
        directory,
        url: container?.target.baseUrl ?? '',
        paths: /^\/(string|healthcheck)/,
        headers,
      }),
      await schemathesis({ directory, url: primary.environments.envA ?? '', paths: /^\/(?!events)/, headers }),
      await schemathesis({
        directory,
        url: `http://127.0.0.1:${door.port}`,
        paths: /^\/events/,
        headers: { Authorization: TO_BE_SIGNED },
        // What has no signature is forbidden there, not unauthorized; and any text is no token of a page.
        excludedChecks: ['missing_required_header', 'positive_data_acceptance'],
      }),
    ].filter(({ status }) => status !== 0);
    await door.close();
    expect(found).toEqual([]);
  });

  it('ends with 0 at SIGTERM', { timeout: 60_000 }, async () => {
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(log.at(-1)).toMatchObject({ message: 'Ended' });
  });
});

/** Begins a rotation, as `two-region keys rotate` does: the new key, a comma and the old one. */
async function addKey(): Promise<void> {
  const { credentials, regions } = stage.controls.regions();
  const { services, region } = regions.primary;
  const ssm = new SSMClient({
    region,
    endpoint: services.ssm,
    credentials: credentials.operator,
  });
  const { Parameter } = await ssm.send(
    new GetParameterCommand({ Name: '/two-region-api/dev/api_key', WithDecryption: true }),
  );
  const both = `${NEW_KEY},${Parameter?.Value}`;
  await ssm.send(
    new PutParameterCommand({
      Name: '/two-region-api/dev/api_key',
      Value: both,
      Type: 'SecureString',
      Overwrite: true,
    }),
  );
  ssm.destroy();
}
