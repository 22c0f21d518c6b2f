import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { inRegion } from '#stacks/context.ts';
import { containerName } from '#stacks/naming.ts';
import { type StageOnMoto, stageOnMoto } from './operator/stage-on-moto.ts';
import { CODE_DEPLOY, ECS_SERVICES } from './support/transformations.ts';

const LONG = 1_200_000;

/** Some minutes of waiting for load balancers: it runs where all is asked for. */
describe.runIf(process.env.TERRAFORM_SCENARIOS === 'all')('the container API, on moto (S3.13)', () => {
  let stage: StageOnMoto;
  beforeAll(async () => {
    stage = await stageOnMoto({
      deployedBefore: true,
      settingsText: (text) =>
        text
          .replace('PARAMETERS=(', 'PARAMETERS=( "container_domain_name" "container_image"')
          .replace('CONTAINER="off"', 'CONTAINER="active"'),
    });
  });
  afterAll(() => stage?.close());

  /** ECS, whose SDK the project does not have. */
  async function ask(region: string, operation: string, input: object) {
    const response = await fetch(stage.moto.url, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=looking/20260101/${region}/ecs/aws4_request, SignedHeaders=host, Signature=0`,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}`,
      },
      body: JSON.stringify(input),
    });
    return z.object({ services: z.array(z.unknown()) }).parse(await response.json());
  }

  it('is deployed in both regions by what it depends on and nothing else', { timeout: LONG }, async () => {
    const args = ['deploy', stage.context.stage, '--stack', 'container', '--yes', '--json'];
    const { exitCode, stdout, stderr } = await stage.run(...args);
    console.log(`moto: ${CODE_DEPLOY}\nmoto: ${ECS_SERVICES}`);
    const { error, stacks = [] } = JSON.parse(stdout);
    expect({ exitCode, error, stderr: exitCode === 0 ? '' : stderr }).toEqual({
      exitCode: 0,
      error: undefined,
      stderr: '',
    });
    const outcomes = stacks.map((each: { stack: string; outcome: string }) => `${each.stack} ${each.outcome}`);
    expect(outcomes.sort()).toEqual(
      ['base-primary', 'base-secondary', 'certificates', 'container-primary', 'container-secondary', 'data'].map(
        (name) => `${name} applied`,
      ),
    );
    for (const regionType of ['primary', 'secondary'] as const) {
      const { region } = inRegion(stage.context, regionType);
      const name = containerName(stage.context);
      const { services } = await ask(region, 'DescribeServices', { cluster: name, services: [name] });
      expect(services).toMatchObject([{ deploymentController: { type: 'CODE_DEPLOY' }, launchType: 'FARGATE' }]);
    }
  });

  it('a second plan is empty', { timeout: LONG }, async () => {
    const { stdout } = await stage.run('diff', stage.context.stage, 'container', '--json');
    const { stacks } = JSON.parse(stdout);
    const outcomes = stacks.map((each: { stack: string; outcome: string }) => [each.stack, each.outcome]);
    expect(outcomes, stdout).toEqual([
      ['container-primary', 'none'],
      ['container-secondary', 'none'],
    ]);
  });

  it('is destroyed with the rest', { timeout: LONG }, async () => {
    const { exitCode, stdout } = await stage.run('destroy', stage.context.stage, '--yes', '--json');
    const { error } = JSON.parse(stdout);
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: undefined });
  });
});
