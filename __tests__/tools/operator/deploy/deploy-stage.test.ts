import { describe, expect, it } from 'vitest';
import { confirmLiveChange as confirmLiveChangeAt } from '#operator/cli/confirm.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { DeployError } from '#operator/deploy/deploy-report.ts';
import { type DeployOptions, type DeployPorts, deployStage } from '#operator/deploy/deploy-stage.ts';
import { optionsOf } from '#operator/deploy/run-deploy.ts';
import { TargetDisagreementError } from '#operator/live/target.ts';
import { TerraformMissingError } from '#operator/terraform/terraform-error.ts';
import type { ReleaseRecord, ReleaseRecords } from '#stacks/release-record.ts';
import { killedSwitch, recorded } from '#tests/tools/operator/journal/recorded.ts';
import { context, type FakedRegion, fakedLive } from '#tests/tools/operator/live/faked-live.ts';
import { FakedTerraform } from '#tests/tools/operator/terraform/faked-terraform.ts';
import { stacksOfAStage } from '#tests/tools/operator/terraform/stacks-of-a-stage.ts';

const released: FakedRegion = { target: 'envA', versions: { envA: '3', envB: '4', preview: '$LATEST' } };
const both = { primary: released, secondary: released };

async function deploy(
  regions: Parameters<typeof fakedLive>[0],
  options: Partial<DeployOptions> = {},
  { terraform = new FakedTerraform(), ...ports }: Partial<DeployPorts> & { terraform?: FakedTerraform } = {},
) {
  const synthesized: string[] = [];
  const asked: string[] = [];
  const outcome = await deployStage(
    context,
    {
      live: fakedLive(regions),
      journal: recorded(),
      synthesize: async () => {
        synthesized.push('once');
        return stacksOfAStage();
      },
      terraform,
      confirmFirst: async ({ steps }, names) => {
        asked.push(`first: ${steps.flat().length} stacks, ${names.join(', ')}`);
      },
      confirmLive: async (environment) => {
        asked.push(environment);
      },
      confirmLiveChange: async (changes) => {
        asked.push(changes.join('; '));
      },
      ...ports,
    },
    { again: 'two-region deploy dev', ...options },
  ).then(
    (report) => ({ report, error: undefined }),
    (error: unknown) => ({ report: undefined, error }),
  );
  return { ...outcome, terraform, synthesized, asked };
}

describe('deploying a stage', () => {
  it('gives the live target to entries and routing, and leaves the live environment alone (S0.13)', async () => {
    const { report, terraform, synthesized, asked } = await deploy(both);
    expect(report).toMatchObject({ first: false, target: 'envA', environments: ['envB', 'preview'] });
    const targeted = terraform.applied.filter(({ variables }) => 'target_env' in variables);
    expect(targeted.map(({ stack, variables }) => [stack, variables.target_env])).toEqual([
      ['entry-primary', 'envA'],
      ['entry-secondary', 'envA'],
      ['routing', 'envA'],
    ]);
    expect(terraform.applied.some(({ stack }) => stack.startsWith('envA'))).toBe(false);
    expect(terraform.applied.find(({ stack }) => stack === 'envB-primary')?.variables).toEqual({});
    expect({ synthesized, asked }).toEqual({ synthesized: ['once'], asked: [] });
  });

  it('refuses while a switch is unfinished, as putting it back may make the idle environment live; named stacks go (B3)', async () => {
    const journal = recorded(killedSwitch);
    const refused = await deploy(both, {}, { journal });
    expect(refused.error).toBeInstanceOf(RefusedError);
    expect(String(refused.error)).toMatch(/from envA to envB that ada@desk began.+is unfinished.+switch dev --revert/s);
    expect(refused.terraform.applied).toEqual([]);
    const { report } = await deploy(both, { only: ['entry'] }, { journal });
    expect(report?.stacks.map(({ stack }) => stack)).toEqual(['entry-primary', 'entry-secondary']);
  });

  it('applies nothing while the account is not ready, and says everything that it lacks; named stacks go (B29)', async () => {
    const asked: boolean[] = [];
    const obstacles = async (isFirst: boolean) => {
      asked.push(isFirst);
      return ['zone: private\n  Set another.', 'certificates: none'];
    };
    const refused = await deploy(both, {}, { obstacles });
    expect(refused.error).toBeInstanceOf(RefusedError);
    expect(String(refused.error)).toMatch(
      /not ready:\n {2}zone: private\n {4}Set another\.\n {2}certificates: none\nAll of it: two-region doctor dev/,
    );
    expect(refused.terraform.applied).toEqual([]);
    const { report } = await deploy(both, { only: ['entry'] }, { obstacles });
    expect(report?.stacks).toHaveLength(2);
    expect(asked).toEqual([false]);
  });

  it('applies nothing while it would move live traffic; stacks that lead nobody go (S4.2)', async () => {
    const routing = {
      live: async () => [{ name: 'api.example.com', policy: 'failover', active: 'secondary' } as const],
      isAwayFrom: async () => false,
    };
    for (const options of [{}, { only: ['base'] }, { only: ['routing'] }]) {
      const refused = await deploy(both, options, { routing });
      expect(refused.error).toBeInstanceOf(RefusedError);
      expect(String(refused.error)).toMatch(
        /Nothing was applied\. ACTIVE_REGION is "primary".+route-away dev secondary/,
      );
      expect(refused.terraform.planned).toEqual([]);
    }
    const { report } = await deploy(both, { only: ['envB'] }, { routing });
    expect(report?.stacks).toHaveLength(2);
    const moved = await deploy(both, {}, { routing: { ...routing, isAwayFrom: async () => true } });
    expect(moved.error).toBeUndefined();
  });

  it('asks once before it changes what every environment has at once, for both regions (B12)', async () => {
    const cors = { exists: true, changes: [['aws_apigatewayv2_api', 'update']] } as const;
    const limits = { exists: true, changes: [['aws_api_gateway_usage_plan', 'update']] } as const;
    const stacks = { 'api-primary': cors, 'api-secondary': cors, 'entry-primary': limits, 'entry-secondary': limits };
    const { asked } = await deploy(both, {}, { terraform: new FakedTerraform(stacks) });
    expect(asked).toEqual([
      'api: change aws_apigatewayv2_api.r0 (stage_name)',
      'entry: change aws_api_gateway_usage_plan.r0 (stage_name)',
    ]);
    const first = await deploy({}, {}, { terraform: new FakedTerraform(stacks) });
    expect(first.asked).toEqual(['first: 14 stacks, api.example.com, events.example.com']);
  });

  it('asks before a first deploy begins, also one that goes on, and begins nothing when it must not (S0.7)', async () => {
    const confirmFirst = () => Promise.reject(new RefusedError('Not a terminal: pass --yes to confirm.'));
    const refused = await deploy({}, {}, { confirmFirst });
    expect(refused.error).toBeInstanceOf(RefusedError);
    expect({ applied: refused.terraform.applied, planned: refused.terraform.planned }).toEqual({
      applied: [],
      planned: [],
    });
    const { asked, report } = await deploy({}, { only: ['data'] });
    expect(asked).toEqual(['first: 1 stacks, api.example.com, events.example.com']);
    expect(report).toMatchObject({ first: true, names: ['api.example.com', 'events.example.com'] });
  });

  it('applies nothing while settings.conf names no environment that is deployed, and says how it is taken down (B12)', async () => {
    const forgotten = { ...released, records: [{ environment: 'envC', functions: {} }] };
    const idle = await deploy({ primary: forgotten, secondary: released });
    expect(String(idle.error)).toMatch(/envC is deployed: put its name back, or .*two-region destroy dev --env envC/);
    expect({ planned: idle.terraform.planned, synthesized: idle.synthesized }).toEqual({
      planned: [],
      synthesized: [],
    });
    const gone: FakedRegion = { ...released, target: 'envZ' };
    const live = await deploy({ primary: gone, secondary: gone });
    expect(String(live.error)).toMatch(/envZ is deployed and receives live traffic: put its name back, and switch/);
    expect(live.terraform.planned).toEqual([]);
  });

  it('asks before functions and roles go while the live environment left no record of what it runs (B12)', async () => {
    const stacks = { 'api-primary': { exists: true, changes: [['aws_iam_role', 'delete']] } } as const;
    const { asked } = await deploy(both, {}, { terraform: new FakedTerraform(stacks) });
    expect(asked).toEqual(['api: destroy aws_iam_role.r0']);
    const recorded = { ...released, records: [{ environment: 'envA', functions: {} }] };
    const known = await deploy(
      { primary: recorded, secondary: recorded },
      {},
      { terraform: new FakedTerraform(stacks) },
    );
    expect(known.asked).toEqual([]);
  });

  it('applies nothing of a stack whose live changes are not meant, nor what comes after it (B12)', async () => {
    const terraform = new FakedTerraform({
      'api-primary': { exists: true, changes: [['aws_apigatewayv2_api', 'update']] },
    });
    const confirmLiveChange = (changes: readonly string[]) =>
      confirmLiveChangeAt(changes, false, { isTerminal: false });
    const { error } = await deploy(both, {}, { terraform, confirmLiveChange });
    expect(String(error)).toMatch(/has these changes at once.+api: change aws_apigatewayv2_api.+--allow-live-change/s);
    expect(terraform.applied.map(({ stack }) => stack)).not.toContain('api-primary');
    expect(terraform.applied.map(({ stack }) => stack)).not.toContain('envB-primary');
  });

  it('refuses what would take away all that live traffic runs on (B12)', async () => {
    const terraform = new FakedTerraform({
      'api-primary': { exists: true, changes: [['aws_api_gateway_rest_api', 'delete', 'create']] },
    });
    const { error, asked } = await deploy(both, {}, { terraform });
    expect(String(error)).toMatch(/envA and every other environment would lose.+replace aws_api_gateway_rest_api/s);
    expect(asked).toEqual([]);
  });

  it('synthesizes with what the environments of each region run (B12)', async () => {
    const record: ReleaseRecord = { environment: 'envA', functions: {} };
    const given: unknown[] = [];
    const synthesize = async (records: ReleaseRecords) => {
      given.push(records);
      return stacksOfAStage();
    };
    await deploy({ primary: { ...released, records: [record] }, secondary: released }, {}, { synthesize });
    expect(given).toEqual([{ primary: [record], secondary: [] }]);
  });

  it('does not count it as the failure of a stack that there is no Terraform', async () => {
    const terraform = new (class extends FakedTerraform {
      override plan = () => Promise.reject(new TerraformMissingError('terraform'));
    })();
    const { error } = await deploy(both, {}, { terraform });
    expect(error).toBeInstanceOf(TerraformMissingError);
  });

  it('continues a first deploy that broke off between the two entries with the target of the one (S0.7)', async () => {
    const { report } = await deploy({ primary: released, secondary: { versions: released.versions } });
    expect(report).toMatchObject({ target: 'envA' });
  });

  it('takes the target of the region that --take names, where they disagree, and refuses without it (S0.13)', async () => {
    const regions = { primary: released, secondary: { ...released, target: 'envB' } };
    const refused = await deploy(regions);
    expect([refused.error, refused.terraform.applied]).toEqual([expect.any(TargetDisagreementError), []]);
    for (const [take, target, idle] of [
      ['primary', 'envA', 'envB'],
      ['secondary', 'envB', 'envA'],
    ] as const) {
      const { report, terraform } = await deploy(regions, { take });
      expect(report).toMatchObject({ first: false, target, environments: [idle, 'preview'] });
      const targets = terraform.applied.flatMap(({ variables }) => variables.target_env ?? []);
      expect(new Set(targets)).toEqual(new Set([target]));
    }
  });

  it('names --take in the command that goes on (S0.13)', () => {
    expect(optionsOf('dev', 'envB', { take: 'secondary', yes: true })).toEqual({
      again: 'two-region deploy dev envB --take secondary --yes',
      environment: 'envB',
      take: 'secondary',
    });
  });

  it('keeps the versions of the live environment, each region its own, unless new ones are wanted (S0.13)', async () => {
    const regions = { primary: released, secondary: { ...released, versions: { envA: '7' } } };
    const versionsIn = ({ terraform }: { terraform: FakedTerraform }) =>
      terraform.applied
        .filter(({ stack }) => stack.startsWith('envA'))
        .map(({ variables }) =>
          variables.function_versions ? JSON.parse(variables.function_versions).test : 'newest',
        );
    const kept = await deploy(regions, { environment: 'envA' });
    expect(kept.asked).toEqual(['envA']);
    expect(versionsIn(kept)).toEqual(['3', '7']);
    expect(versionsIn(await deploy(regions, { environment: 'envA', withNewVersions: true }))).toEqual([
      'newest',
      'newest',
    ]);
  });

  it('leaves pinned functions at their versions, each region its own, until new ones are wanted (S1.6)', async () => {
    const regions = {
      primary: { ...released, pinned: ['envB'] },
      secondary: { ...released, versions: { ...released.versions, envB: '9' }, pinned: ['envB'] },
    };
    const variablesOf = ({ terraform }: { terraform: FakedTerraform }) =>
      terraform.applied.filter(({ stack }) => stack.startsWith('envB')).map(({ variables }) => variables);
    const pinnedIn = (variables: Readonly<Record<string, string>>) => JSON.parse(variables.pinned_versions ?? '{}');
    const deployed = await deploy(regions);
    expect(deployed.report?.pinned).toMatchObject({ envB: expect.arrayContaining(['test', 'user']) });
    const kept = variablesOf(deployed);
    expect(kept.map((variables) => pinnedIn(variables).test)).toEqual(['4', '9']);
    expect(kept.map((variables) => variables.function_versions)).toEqual([undefined, undefined]);
    expect(variablesOf(await deploy(regions, { withNewVersions: true }))).toEqual([{}, {}]);
  });

  it('applies nothing when the live environment is not confirmed', async () => {
    const refusal = new RefusedError('no');
    const { error, terraform } = await deploy(
      both,
      { environment: 'envA' },
      { confirmLive: () => Promise.reject(refusal) },
    );
    expect(error).toBe(refusal);
    expect(terraform.planned).toEqual([]);
  });

  it('refuses an environment that there is not before AWS is asked', async () => {
    const failure = new Error('AWS was asked');
    const { error } = await deploy({ primary: { failure }, secondary: { failure } }, { environment: 'envC' });
    expect(String(error)).toMatch(/"envC", allowed are envA, envB, preview/);
  });

  it('refuses where the regions disagree, before anything is synthesized, and takes the side that is named (S0.13)', async () => {
    const regions = { primary: released, secondary: { ...released, target: 'envB' } };
    const refused = await deploy(regions);
    expect(refused.error).toBeInstanceOf(TargetDisagreementError);
    expect(refused.synthesized).toEqual([]);
    const { report } = await deploy(regions, { take: 'secondary' });
    expect(report).toMatchObject({ target: 'envB', environments: ['envA', 'preview'] });
  });

  it('names every missing parameter, before anything is synthesized or applied (S0.6)', async () => {
    const lacking: FakedRegion = { ...released, unset: ['domain_name', 'api_key'] };
    const { error, synthesized } = await deploy({ primary: lacking, secondary: lacking });
    expect(error).toMatchObject({ name: 'ParametersError' });
    expect(String(error)).toMatch(/Nothing was applied.+domain_name: is not set.+api_key: is not set/s);
    expect(synthesized).toEqual([]);
  });

  it('stops at the first failure, finishes the other region, and says what is done and how to go on', async () => {
    const terraform = new FakedTerraform({
      'api-primary': { applyFails: 'Error: creating Lambda Function: throttled' },
      'base-primary': { changes: [] },
    });
    const { error } = await deploy(both, {}, { terraform });
    expect(error).toBeInstanceOf(DeployError);
    expect(String(error)).toMatch(
      /failed in api-primary\.\n\napi-primary:\n {2}Error: creating Lambda Function: throttled\n\nDone: data, base-primary, base-secondary, api-secondary\. Not begun: envB-primary,.+go on with: two-region deploy dev$/s,
    );
    expect(terraform.applied.map(({ stack }) => stack)).toEqual(['data', 'base-secondary', 'api-secondary']);
    const { report } = error instanceof DeployError ? error : {};
    expect(report).toMatchObject({ stage: 'dev', target: 'envA', environments: ['envB', 'preview'] });
    expect(report?.stacks.find(({ stack }) => stack === 'api-primary')).toMatchObject({
      outcome: 'failed',
      problem: 'Error: creating Lambda Function: throttled',
    });
    expect(report?.stacks.at(-1)).toMatchObject({ stack: 'routing', outcome: 'not run' });
  });

  it('waits and tries a stack again that meets what passes, says so, and names the cause where it lasts (B29)', async () => {
    const applyFails = 'Error: creating Lambda Function: S3 Error Code: NoSuchKey. The specified key does not exist.';
    const waits: (number | string)[] = [];
    const onWait: DeployPorts['onWait'] = ({ name }, cause, seconds) => waits.push(name, cause, seconds);
    const wait = async () => undefined;
    const once = new FakedTerraform({ 'api-primary': { applyFails, failures: 1 } });
    const mended = await deploy(both, {}, { terraform: once, onWait, wait });
    expect(mended.error).toBeUndefined();
    expect(waits).toEqual(['api-primary', expect.stringContaining('S3 may not find objects for 15 minutes'), 15]);
    const always = new FakedTerraform({ 'api-primary': { applyFails } });
    const { error } = await deploy(both, {}, { terraform: always, wait });
    expect(always.planned.filter((name) => name === 'api-primary')).toHaveLength(4);
    expect(String(error)).toMatch(
      /failed in api-primary.+S3 may not find objects.+tried 4 times, 105 s and more apart/s,
    );
  });

  it('tries nothing again after Ctrl-C, nor what does not pass', async () => {
    const controller = new AbortController();
    const throttled = { 'base-primary': { applyFails: 'Error: TooManyRequestsException: Too Many Requests' } };
    const onPlan: DeployPorts['onPlan'] = ({ stack }) => {
      if (stack.name === 'base-primary') controller.abort();
    };
    const wait = () => Promise.reject(new Error('Nothing is to be waited for.'));
    const ended = await deploy(
      both,
      {},
      { terraform: new FakedTerraform(throttled), signal: controller.signal, onPlan, wait },
    );
    expect(String(ended.error)).toContain('failed in base-primary');
    expect(String(ended.error)).toMatch(/so many changes per second of an account.+\. Give the same command again/);
    expect(String(ended.error)).not.toContain('It was tried');
    const refused = { data: { applyFails: 'Error: AccessDenied' } };
    const { error } = await deploy(both, {}, { terraform: new FakedTerraform(refused), wait });
    expect(String(error)).toMatch(/failed in data\.\n\ndata:\n {2}Error: AccessDenied\n\n/);
  });

  it('ends a wait at Ctrl-C, and does not try again then', async () => {
    const controller = new AbortController();
    const throttled = { 'base-primary': { applyFails: 'Error: TooManyRequestsException: Too Many Requests' } };
    const terraform = new FakedTerraform(throttled);
    const wait = async () => controller.abort();
    const { error } = await deploy(both, {}, { terraform, signal: controller.signal, wait });
    expect(String(error)).toContain('failed in base-primary');
    expect(terraform.planned.filter((name) => name === 'base-primary')).toHaveLength(1);
  });

  it('has the copies of tables protected once those stand, whether they were applied or not, and stops where that fails (B29)', async () => {
    const done: string[] = [];
    const protectCopies = async () => {
      done.push('data');
      return undefined;
    };
    await deploy(both, {}, { protectCopies });
    await deploy(both, {}, { protectCopies, terraform: new FakedTerraform({ data: { changes: [] } }) });
    await deploy(both, { only: ['entry'] }, { protectCopies });
    expect(done).toEqual(['data', 'data']);
    const { error } = await deploy(both, {}, { protectCopies: async () => 'their copies are not protected' });
    expect(String(error)).toMatch(/failed in data\..+their copies are not protected.+Not begun: base-primary/s);
  });

  it('begins no stack after Ctrl-C and says so', async () => {
    const controller = new AbortController();
    const { error, terraform } = await deploy(
      both,
      {},
      {
        signal: controller.signal,
        onResult: ({ stack }) => {
          if (stack === 'data') controller.abort();
        },
      },
    );
    expect(String(error)).toMatch(/was interrupted\..+Done: data\. Not begun: base-primary/s);
    expect(terraform.planned).toEqual(['data']);
  });

  it('does not lose a table or bucket unless that is asked for', async () => {
    const stacks = { data: { changes: [['aws_dynamodb_table', 'delete', 'create'] as const] } };
    const { error, terraform } = await deploy(both, {}, { terraform: new FakedTerraform(stacks) });
    expect(String(error)).toMatch(
      /data would be lost:\n.*replace aws_dynamodb_table\.r0 \(stage_name\).+--allow-data-loss/s,
    );
    expect(terraform.applied).toEqual([]);
    const allowed = await deploy(both, { allowDataLoss: true }, { terraform: new FakedTerraform(stacks) });
    expect(allowed.error).toBeUndefined();
  });
});
