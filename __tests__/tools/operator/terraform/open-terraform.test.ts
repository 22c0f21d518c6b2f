import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StackProgress } from '#operator/cli/progress-view.ts';
import { openTerraform, type TerraformOptions } from '#operator/terraform/open-terraform.ts';
import type { Terraform } from '#operator/terraform/terraform.ts';
import { standIn } from './stand-in.ts';

let command: Awaited<ReturnType<typeof standIn>> | undefined;
const opened: Terraform[] = [];
const open = (options?: TerraformOptions) => {
  const terraform = openTerraform(options);
  opened.push(terraform);
  return terraform;
};
afterEach(async () => {
  for (const terraform of opened.splice(0)) await terraform.close();
  vi.unstubAllEnvs();
  await command?.remove();
});

async function use(script: string) {
  command = await standIn(script);
  vi.stubEnv('TERRAFORM_BINARY_NAME', command.binary);
  vi.stubEnv('TF_CLI_CONFIG_FILE', '/dev/null');
  return command;
}

const PLAN = JSON.stringify({
  resource_changes: [
    {
      address: 'aws_a.b',
      mode: 'managed',
      type: 'aws_a',
      change: { actions: ['update'], before: { name: 'x' }, after: { name: 'y' } },
    },
  ],
});
const planned = (action: string) => ({
  type: 'planned_change',
  change: { resource: { addr: 'aws_a.b', resource_type: 'aws_a' }, action },
});

describe('Terraform on a stack', () => {
  it('destroys what the state has without anything of the code, which may refer to what is gone (B20)', async () => {
    const { stack, calls } = await use('');
    const file = join(stack.folder, 'cdk.tf.json');
    const terraform = { backend: { s3: { key: 'dev/dev-envA-primary.tfstate' } } };
    const provider = { aws: [{ region: 'eu-central-1' }] };
    const data = { terraform_remote_state: { api: {} } };
    const code = { resource: { aws_a: { b: {} } }, data, output: { c: {} }, variable: { target_env: {} }, removed: [] };
    writeFileSync(file, JSON.stringify({ terraform, provider, ...code }));
    await open().destroy(stack);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ terraform, provider });
    const [init, destroy] = await calls();
    expect(init).toMatch(/^init /);
    expect(destroy).toMatch(/^destroy -json -auto-approve /);
    expect(destroy).not.toContain('-var');
  });

  it("names what is waited for longer than 30 s, and why, out of the provider's log (B12)", async () => {
    const entry =
      '2026-05-20T14:04:45.815Z [DEBUG] provider.aws: HTTP Response Received: rpc.method=UpdateA http.status_code=500 tf_resource_type=aws_a';
    const { stack } = await use(`
if (args[0] === 'apply') {
  const waits = (elapsed_seconds) => say({ type: 'apply_progress', hook: { resource: { addr: 'aws_a.b' }, elapsed_seconds } });
  waits(20);
  for (const time of [1, 2]) if (process.env.TF_LOG_PROVIDER === 'DEBUG') console.error(${JSON.stringify(entry)});
  console.error('2026-05-20T14:04:45.815Z [DEBUG] provider.aws: HTTP Request Sent: rpc.method=UpdateA');
  setTimeout(() => { waits(40); console.error('no space left'); process.exit(1); }, 100);
}`);
    const progress: StackProgress[] = [];
    const terraform = open({ onProgress: (each) => progress.push(each) });
    const apply = terraform.apply({ stack, file: 'x', changes: [], isEmpty: false, isNew: false });
    // The log is no word of Terraform's to its user.
    await expect(apply).rejects.toThrow(/^no space left$/);
    expect(progress.map(({ waiting }) => waiting)).toEqual([
      undefined,
      { address: 'aws_a.b', seconds: 40, reason: 'the provider retries: 500 of UpdateA, 2 times' },
    ]);
  });

  it('leaves a log that the user has asked for as it is', async () => {
    const { stack } = await use(
      "if (args[0] === 'apply') { console.error(String(process.env.TF_LOG_PROVIDER)); process.exit(1); }",
    );
    vi.stubEnv('TF_LOG', 'TRACE');
    const apply = open().apply({ stack, file: 'x', changes: [], isEmpty: false, isNew: false });
    await expect(apply).rejects.toThrow('undefined');
  });

  it('initializes once, plans with the declared variables and the lock honoured, applies exactly that plan', async () => {
    const { stack, calls } = await use(`
if (args[0] === 'plan') {
  fs.writeFileSync(args.find((arg) => arg.startsWith('-out=')).slice(5), '');
  say(${JSON.stringify(planned('update'))});
  process.exitCode = 2;
}
if (args[0] === 'show') console.log(${JSON.stringify(PLAN)});
if (args[0] === 'apply') {
  say({ type: 'apply_complete', hook: { resource: { addr: 'data.aws_a.b' }, action: 'read' } });
  say({ type: 'apply_complete', hook: { resource: { addr: 'aws_a.b' }, action: 'update' } });
}`);
    const progress: StackProgress[] = [];
    const terraform = open({ lockTimeoutSeconds: 7, onProgress: (each) => progress.push(each) });
    const plan = await terraform.plan(stack, { target_env: 'envA', function_versions: '{"user":"3"}' });
    const change = { address: 'aws_a.b', type: 'aws_a', action: 'change', attributes: ['name'] };
    expect(plan).toMatchObject({ isEmpty: false, isNew: false, changes: [change] });
    expect(statSync(dirname(plan.file)).mode & 0o777).toBe(0o700);
    await terraform.apply(plan);
    await terraform.plan(stack, {});
    await terraform.close();
    expect(existsSync(plan.file)).toBe(false);
    const made = await calls();
    expect(made.map((call) => call.split(' ')[0])).toEqual(['init', 'plan', 'show', 'apply', 'plan', 'show']);
    expect(made[1]).toMatch(/-lock-timeout=7s -var=function_versions=\{"user":"3"\}$/);
    expect(made[1]).not.toContain('target_env');
    expect(made[3]).toMatch(new RegExp(`-lock-timeout=7s ${plan.file}$`));
    expect(progress.slice(0, 4)).toEqual([
      { stack: 'envA-primary', doing: 'initializing' },
      { stack: 'envA-primary', doing: 'planning' },
      { stack: 'envA-primary', doing: 'applying', done: 0, total: 1 },
      { stack: 'envA-primary', doing: 'applying', done: 1, total: 1 },
    ]);
  });

  it('takes a plan that only adds out of what was said while planning: Terraform is started once less', async () => {
    const { stack, calls } = await use(`
if (args[0] === 'plan') {
  say({ type: 'apply_complete', hook: { resource: { addr: 'data.aws_a.b' }, action: 'read' } });
  say(${JSON.stringify(planned('create'))});
  if (fs.existsSync('applied')) say({ type: 'refresh_complete', hook: { resource: { addr: 'aws_a.c' } } });
  process.exitCode = 2;
}
if (args[0] === 'apply') fs.writeFileSync('applied', '');`);
    const terraform = open();
    const changes = [{ address: 'aws_a.b', type: 'aws_a', action: 'add', attributes: [] }];
    const plan = await terraform.plan(stack, {});
    expect(plan).toMatchObject({ isEmpty: false, isNew: true, changes });
    await terraform.apply(plan);
    expect(await terraform.plan(stack, {})).toMatchObject({ isNew: false, changes });
    expect((await calls()).map((call) => call.split(' ')[0])).toEqual(['init', 'plan', 'apply', 'plan']);
  });

  it('takes exit code 0 of a plan for no changes, without asking for more', async () => {
    const { stack, calls } = await use('');
    expect(await open().plan(stack, {})).toMatchObject({ isEmpty: true, changes: [] });
    expect(await calls()).toHaveLength(2);
  });

  it("tells errors in Terraform's words, with the resource, and leaves warnings out", async () => {
    const { stack } = await use(`
if (args[0] === 'plan') {
  say({ type: 'diagnostic', diagnostic: { severity: 'warning', summary: 'Deprecated' } });
  say({ type: 'diagnostic', diagnostic: { severity: 'error', summary: 'reading alias', detail: 'AccessDenied: …', address: 'aws_a.b' } });
  process.exitCode = 1;
}`);
    await expect(open().plan(stack, {})).rejects.toMatchObject({
      name: 'TerraformError',
      message: 'Error: reading alias (aws_a.b)\nAccessDenied: …',
    });
  });

  it('tells why it could not be initialized, and tries again when it is asked again', async () => {
    const { stack, calls } = await use(`console.error('Error: no bucket'); process.exitCode = 1;`);
    const terraform = open();
    await expect(terraform.plan(stack, {})).rejects.toThrow('Error: no bucket');
    await expect(terraform.plan(stack, {})).rejects.toThrow('Error: no bucket');
    expect(await calls()).toHaveLength(2);
  });

  it('says what to do when there is no Terraform', async () => {
    const { stack } = await use('');
    vi.stubEnv('TERRAFORM_BINARY_NAME', 'terraform-that-is-not-there');
    await expect(open().plan(stack, {})).rejects.toMatchObject({
      name: 'TerraformMissingError',
      message: expect.stringMatching(/"terraform-that-is-not-there".+Install Terraform 1\.7/),
    });
  });

  it('gets one SIGINT when it is interrupted, is waited for, and is not started again', async () => {
    const { stack, calls } = await use(`
if (args[0] === 'plan') {
  process.on('SIGINT', () => { note('SIGINT'); setTimeout(() => { note('lock released'); process.exit(1); }, 200); });
  setInterval(() => undefined, 1000);
  note('ready');
}`);
    const controller = new AbortController();
    const terraform = open({ signal: controller.signal });
    const planned = terraform.plan(stack, {}).catch((error: unknown) => error);
    await vi.waitFor(async () => expect(await calls()).toContain('ready'), { timeout: 10_000 });
    controller.abort();
    expect(await planned).toMatchObject({ name: 'TerraformError' });
    expect((await calls()).slice(-2)).toEqual(['SIGINT', 'lock released']);
    await expect(terraform.plan(stack, {})).rejects.toThrow('Interrupted');
    expect((await calls()).at(-1)).toBe('lock released');
  });
});
