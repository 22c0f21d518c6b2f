import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StageOnMoto, stageOnMoto } from './operator/stage-on-moto.ts';

const LONG = 1_200_000;

/** It runs where all is asked for. */
describe.runIf(process.env.TERRAFORM_SCENARIOS === 'all')('the pipeline, on moto (S3.14)', () => {
  let stage: StageOnMoto;
  beforeAll(async () => {
    stage = await stageOnMoto({
      deployedBefore: true,
      settingsText: (text) =>
        text
          .replace('PARAMETERS=(', 'PARAMETERS=( "pipeline_connection_arn"')
          .replace('PIPELINE="off"', 'PIPELINE="active"')
          .replace('PIPELINE_REPOSITORY=""', 'PIPELINE_REPOSITORY="team/service"')
          .replace('PIPELINE_PUSH_STAGES=()', 'PIPELINE_PUSH_STAGES=( "dev" )'),
    });
  });
  afterAll(() => stage?.close());

  it('is deployed by the one stack that it depends on', { timeout: LONG }, async () => {
    const args = ['deploy', stage.context.stage, '--stack', 'pipeline', '--yes', '--json'];
    const { exitCode, stdout, stderr } = await stage.run(...args);
    const { error, stacks = [] } = JSON.parse(stdout);
    expect({ exitCode, error, stderr: exitCode === 0 ? '' : stderr }).toEqual({
      exitCode: 0,
      error: undefined,
      stderr: '',
    });
    const outcomes = stacks.map((each: { stack: string; outcome: string }) => `${each.stack} ${each.outcome}`);
    expect(outcomes.sort()).toEqual(['base-secondary applied', 'pipeline applied']);
  });

  it('a second plan is empty', { timeout: LONG }, async () => {
    const { stdout } = await stage.run('diff', stage.context.stage, 'base-secondary', 'pipeline', '--json');
    const { stacks } = JSON.parse(stdout);
    expect(stacks.map((each: { stack: string; outcome: string }) => [each.stack, each.outcome])).toEqual([
      ['base-secondary', 'none'],
      ['pipeline', 'none'],
    ]);
  });

  it('is destroyed with the rest', { timeout: LONG }, async () => {
    const { exitCode, stdout } = await stage.run('destroy', stage.context.stage, '--yes', '--json');
    const { error } = JSON.parse(stdout);
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: undefined });
  });
});
