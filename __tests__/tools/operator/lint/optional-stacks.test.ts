import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { operations } from '#contract/index.ts';
import { evaluateStacks } from '#local/terraform/evaluate.ts';
import { readStacks } from '#local/terraform/read-stacks.ts';
import { lintStage } from '#operator/lint/lint-stage.ts';
import { LintedStage } from '#operator/lint/linted-stage.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { loadSettings } from '#stacks/settings/index.ts';

const KEYS = {
  OWN_KEYS: '( "tables" "buckets" "logs" "functions" "parameters" )',
  OBJECT_REPLICATION: '"two-way"',
  TRACING: '"active"',
};

it.each([
  {
    what: 'the edge, the container API',
    on: { ...KEYS, EDGE: '"active"', CONTAINER: '"active"' },
    needs: ['certificate_arn_edge', 'edge_secret', 'container_domain_name', 'container_image'],
    stacks: ['prod-edge', 'prod-container-primary'],
  },
  {
    what: 'a pipeline',
    on: { ...KEYS, PIPELINE: '"active"', PIPELINE_REPOSITORY: '"team/api"' },
    needs: ['pipeline_connection_arn'],
    stacks: ['prod-pipeline'],
  },
])("the rules of lint find nothing in $what and keys of one's own (B5)", async ({ on, needs, stacks: added }) => {
  const directory = await mkdtemp(join(tmpdir(), 'two-region-lint-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const given = await readFile('settings.conf', 'utf8');
  const kept = given.split('\n').filter((line) => !Object.keys(on).some((key) => line.startsWith(`${key}=`)));
  const lines = Object.entries(on).map(([key, value]) => `${key}=${value}`);
  const text = kept
    .join('\n')
    .replace('PARAMETERS=(', `PARAMETERS=(\n${needs.map((name) => `  "${name}"`).join('\n')}\n`);
  await writeFile(join(directory, 'settings.conf'), [text, ...lines, ''].join('\n'));
  const settings = loadSettings(join(directory, 'settings.conf'));
  const { outdir, variables, parameters } = await synthesizeStage({ directory, stage: 'prod', outdir: 'out' });
  const stacks = await readStacks(outdir);
  const { resources } = evaluateStacks(stacks, { variables, parameter: (_region, name) => parameters[name] });
  expect(stacks.map(({ name }) => name)).toEqual(expect.arrayContaining(added));
  const { findings } = lintStage(new LintedStage({ settings, stage: 'prod' }, operations, stacks, resources));
  const open = findings.filter(({ allowed }) => allowed === undefined);
  expect(open.map(({ rule, path, found }) => `${rule} ${path}: ${found}`)).toEqual([]);
});
