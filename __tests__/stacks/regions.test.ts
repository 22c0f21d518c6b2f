import { describe, expect, it } from 'vitest';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

const names = [
  'data',
  'certificates',
  ...['base', 'api', 'envA', 'envB', 'preview', 'entry'].flatMap((name) => [`${name}-primary`, `${name}-secondary`]),
  'callers',
  'routing',
  'observability',
];

/** Stacks that work in several regions: these, and the one that has Route 53's metrics. */
const providersOf: Readonly<Record<string, number>> = { certificates: 2, data: 2, observability: 3 };

describe('every stack', async () => {
  const stack = await synthesizeStage();

  it.each(names)("%s keeps its state in the stage's bucket, encrypted, locked in the stage's table (S0.2)", (name) => {
    expect(stack(name).parsed.terraform).toMatchObject({
      backend: {
        s3: {
          bucket: 'two-region-api-state-dev',
          key: `dev/dev-${name}.tfstate`,
          region: 'eu-central-1',
          dynamodb_table: 'two-region-api-locks-dev',
          encrypt: true,
        },
      },
      required_version: '>= 1.7.0',
      required_providers: { aws: { version: '>= 5.100.0, < 7.0.0' } },
    });
  });

  it.each(names)('%s tags what it makes with app, stage and stack', (name) => {
    const { aws } = stack(name).parsed.provider;
    expect(aws).toHaveLength(providersOf[name] ?? 1);
    for (const { default_tags } of aws) {
      expect(default_tags).toEqual([{ tags: { app: 'two-region-api', stage: 'dev', stack: `dev-${name}` } }]);
    }
  });

  it('differs between the regions only in what belongs to a region (S0.3)', () => {
    for (const name of ['base', 'api', 'envA', 'preview', 'entry']) {
      const neutral = (text: string) =>
        text
          .replaceAll('eu-central-1', '<region>')
          .replaceAll('eu-west-1', '<region>')
          .replaceAll('primary', '<type>')
          .replaceAll('secondary', '<type>');
      // Outputs are what other stacks ask for: routing takes the hosted zone from one entry only.
      const [primary, secondary] = ['primary', 'secondary'].map((region) => {
        const { output: _, ...rest } = JSON.parse(stack(`${name}-${region}`).json);
        return neutral(JSON.stringify(rest));
      });
      expect(secondary, name).toEqual(primary);
    }
  });

  it('reads nothing of the other region in a regional stack, so that a region stands alone', () => {
    for (const name of ['base', 'api', 'envA', 'envB', 'preview', 'entry']) {
      const states = stack(`${name}-secondary`).dataSources('terraform_remote_state');
      const keys = states.map(({ config }) => JSON.stringify(config));
      expect(keys.filter((key) => key.includes('primary.tfstate'))).toEqual([]);
    }
  });

  it('keeps and reads every state in the secondary region where the settings say so, of that stage only (B10)', {
    timeout: 600_000,
  }, async () => {
    const secondary = {
      bucket: 'two-region-api-state-dev-replica',
      region: 'eu-west-1',
      dynamodb_table: 'two-region-api-locks-dev',
    };
    const recovered = await synthesizeStage('dev', { stateInSecondary: ['dev'] });
    for (const name of names) {
      expect(recovered(name).parsed.terraform).toMatchObject({
        backend: { s3: { ...secondary, key: `dev/dev-${name}.tfstate` } },
      });
    }
    const read = names.flatMap((name) => recovered(name).dataSources('terraform_remote_state'));
    expect(read.length).toBeGreaterThan(names.length);
    for (const { config } of read) expect(config).toMatchObject(secondary);
    const prod = await synthesizeStage('prod', { stateInSecondary: ['dev'] });
    expect(prod('data').parsed.terraform).toMatchObject({ backend: { s3: { bucket: 'two-region-api-state-prod' } } });
  });

  it('takes the profile of the stage where the settings name one (S0.2)', async () => {
    const data = (await synthesizeStage('dev', { profiles: { dev: 'team-dev' } }))('data').parsed;
    expect(data.terraform).toMatchObject({ backend: { s3: { profile: 'team-dev' } } });
    expect(data.provider).toMatchObject({ aws: [{ profile: 'team-dev' }, { profile: 'team-dev' }] });
  });
});
