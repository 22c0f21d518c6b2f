import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { evaluateStacks } from '#local/terraform/evaluate.ts';
import type { EvaluatedResource } from '#local/terraform/evaluation.ts';
import { readStacks } from '#local/terraform/read-stacks.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';

/** What AWS has one of per account and region, whatever it is named. */
const SETTINGS_OF_AN_ACCOUNT: readonly string[] = [
  'aws_api_gateway_account',
  'aws_cloudwatch_log_resource_policy',
  'aws_iam_service_linked_role',
];

/** What AWS tells resources of one type apart by. */
const IDENTITY = [
  ...['name', 'bucket', 'key', 'function_name', 'qualifier', 'statement_id', 'domain_name', 'role', 'policy_arn'],
  ...['rest_api_id', 'api_id', 'stage_name', 'resource_id', 'parent_id', 'path_part', 'http_method', 'status_code'],
  ...['response_type', 'route_key', 'version', 'zone_id', 'set_identifier', 'key_id', 'usage_plan_id', 'description'],
  ...['location', 'fqdn', 'certificate_arn', 'target', 'integration_uri', 'base_path', 'api_mapping_key'],
  ...['subject_alternative_names', 'child_healthchecks', 'type'],
  ...['alarm_name', 'dashboard_name', 'topic_arn', 'arn', 'resource_arn', 'target_key_id'],
];

const GLOBAL = /^aws_(?:iam|route53|s3_bucket)/;

function identityOf({ type, region, values }: EvaluatedResource): string {
  const place = GLOBAL.test(type) ? 'global' : region;
  if (SETTINGS_OF_AN_ACCOUNT.includes(type)) return `${type} of ${place}`;
  const known = IDENTITY.flatMap((name) => (Object.hasOwn(values, name) ? [[name, values[name]]] : []));
  if (known.length === 0) throw new Error(`By what does AWS tell ${type} apart? ${Object.keys(values).join(', ')}`);
  return `${type} of ${place}: ${JSON.stringify(known)}`;
}

/** The stage's resources with their values, its public names being its own. */
async function resourcesOf(stage: string): Promise<readonly EvaluatedResource[]> {
  const outdir = await mkdtemp(join(tmpdir(), 'two-region-owners-'));
  try {
    const synthesis = await synthesizeStage({ directory: process.cwd(), stage, outdir });
    const { variables, parameters } = synthesis;
    const own = (name: string, value: string | undefined) =>
      name.endsWith('domain_name') ? `${stage}.${value}` : value;
    const stacks = await readStacks(outdir);
    const options = { variables, parameter: (_region: string, name: string) => own(name, parameters[name]) };
    return evaluateStacks(stacks, options).resources.filter(({ mode, type }) => mode === 'managed' && isAws(type));
  } finally {
    await rm(outdir, { recursive: true });
  }
}

function isAws(type: string): boolean {
  return type.startsWith('aws_') && type !== 'aws_acm_certificate_validation';
}

it('no record, role or setting has two owners: not two stacks of a stage, not two stages of an account (B29)', {
  timeout: 600_000,
}, async () => {
  const resources = [...(await resourcesOf('dev')), ...(await resourcesOf('prod'))];
  const owners = new Map<string, string[]>();
  for (const resource of resources) {
    const identity = identityOf(resource);
    owners.set(identity, [...(owners.get(identity) ?? []), `${resource.stack} ${resource.address}`]);
  }
  expect(owners.size).toBeGreaterThan(400);
  expect([...owners].filter(([, found]) => found.length > 1)).toEqual([]);
  // They go with no stage, so none may make them.
  expect(resources.filter(({ type }) => SETTINGS_OF_AN_ACCOUNT.includes(type))).toEqual([]);
});
