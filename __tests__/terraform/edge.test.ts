import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { App } from 'cdktf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getUser } from '#contract/get-user.ts';
import type { Operation } from '#contract/operation.ts';
import type { StageContext } from '#stacks/context.ts';
import { createEdgeStack } from '#stacks/edge.ts';
import type { Entry } from '#stacks/entry.ts';
import { parameterPath } from '#stacks/naming.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { clientSettings } from './support/account.ts';
import { Moto } from './support/moto.ts';
import { run } from './support/run.ts';
import { EDGE_ON_MOTO } from './support/transformations.ts';

const LONG = 600_000;
const settings = {
  ...loadSettings('settings.conf'),
  edge: { state: 'active', priceClass: 'PriceClass_100', bypass: 'open' } as const,
};
const context: StageContext = { settings, stage: 'dev' };
const SECRET = 'a-secret-that-nobody-may-see';

function entry(region: string): Entry {
  const name = (domainName: string, id: string) => {
    const target = { regionalDomainName: `d-${id}.execute-api.${region}.amazonaws.com`, regionalZoneId: 'Z1' };
    return { domainName, target, regional: { domainName: `${region}.${domainName}`, target } };
  };
  return { rest: name('api.example.com', 'rest'), http: name('events.example.com', 'http'), hostedZoneId: 'Z0' };
}

const operations: readonly Operation[] = [{ ...getUser, edge: { otherRegion: true } }];

// Some minutes: Terraform waits for distributions.
describe
  .runIf(process.env.TERRAFORM_SCENARIOS === 'all')
  .sequential('the edge by the real provider, on moto (S4.1)', () => {
    let account: Moto;
    let directory: string;
    const terraform = (...args: readonly string[]) =>
      run('terraform', [...args, '-no-color'], join(directory, 'stacks/dev-edge'), account.environment);
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'two-region-edge-'));
      account = await Moto.start();
      const ssm = new SSMClient(clientSettings(account, settings.secondaryRegion));
      const certificate = 'arn:aws:acm:us-east-1:000000000000:certificate/00000000-0000-4000-8000-000000000003';
      for (const [name, Value] of Object.entries({ edge_secret: SECRET, certificate_arn_edge: certificate })) {
        await ssm.send(new PutParameterCommand({ Name: parameterPath(context, name), Value, Type: 'SecureString' }));
      }
      const app = new App({ outdir: directory });
      const entries = { primary: entry(settings.primaryRegion), secondary: entry(settings.secondaryRegion) };
      createEdgeStack(app, context, entries, operations);
      app.synth();
      const file = join(directory, 'stacks/dev-edge/cdk.tf.json');
      const stack = JSON.parse(await readFile(file, 'utf8'));
      // The state is nobody's but the test's.
      delete stack.terraform.backend;
      for (const type of EDGE_ON_MOTO.types) delete stack.resource[type];
      // The provider looks once a minute whether a distribution is everywhere, and moto's is at once.
      for (const each of Object.values<{ wait_for_deployment: boolean }>(stack.resource.aws_cloudfront_distribution)) {
        each.wait_for_deployment = false;
      }
      await writeFile(file, JSON.stringify(stack));
    }, LONG);
    afterAll(async () => {
      await account?.stop();
      await rm(directory, { recursive: true });
    });

    it('is applied, with origin groups and web ACL, and a second plan finds what moto has forgotten alone', {
      timeout: LONG,
    }, async () => {
      console.log(`moto: ${EDGE_ON_MOTO.why}`);
      for (const args of [['init'], ['apply', '-auto-approve']]) {
        const { exitCode, output } = await terraform(...args);
        expect([exitCode, exitCode === 0 || output]).toEqual([0, true]);
        expect(output).not.toContain(SECRET);
      }
      const { output } = await terraform('plan');
      // Attributes and blocks that a plan would change.
      const changed = new Set([...output.matchAll(/^ +[-+] (\w+)/gm)].map(([, name]) => name));
      console.log(`moto: ${EDGE_ON_MOTO.forgotten.why}`);
      expect([...changed].sort()).toEqual([...EDGE_ON_MOTO.forgotten.names].sort());
    });
  });
