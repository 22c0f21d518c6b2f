import { afterEach, describe, expect, it } from 'vitest';
import { type AwsEndpoint, healthy, startAwsEndpoint } from '#tests/support/aws-endpoint.ts';
import { CTRL_C, ENTER, TerminalSession } from '#tests/support/terminal-session.ts';
import { standIn } from '#tests/tools/operator/terraform/stand-in.ts';

const command = new URL('../../../../tools/operator/two-region.mjs', import.meta.url).pathname;
const room = new URL('../../../../tools/operator/', import.meta.url).href;
const CLEAR_LINE = '\r\u001b[2K';
const SECRET = 'a-key-that-nobody-may-see-1234';

let session: TerminalSession | undefined;
let aws: AwsEndpoint | undefined;
afterEach(async () => {
  session?.close();
  await aws?.close();
  [session, aws] = [undefined, undefined];
});

/** `two-region` at a terminal, in an account where every call succeeds. */
async function twoRegion(...args: string[]): Promise<{ session: TerminalSession; aws: AwsEndpoint }> {
  const endpoint = await startAwsEndpoint(healthy);
  const environment = {
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_PROFILE: '',
  };
  aws = endpoint;
  session = new TerminalSession(process.execPath, [command, ...args], { environment });
  return { session, aws: endpoint };
}

const written = ({ requests }: AwsEndpoint) =>
  requests.filter(({ target }) => target === 'AmazonSSM.PutParameter').map(({ body }) => JSON.parse(body));

describe('a person at a terminal', () => {
  it('types a secret that is not shown, mends a wrong one, and both regions get it (S0.5)', async () => {
    const { session, aws } = await twoRegion('params', 'put', 'dev', 'api_key');
    await session.shows(/api_key: .+ Allowed: 20 to 128/);
    session.type(`short${ENTER}`);
    await session.shows(/20 to 128/);
    session.type(`${'\u007f'.repeat(5)}${SECRET}${ENTER}`);
    expect(await session.ends()).toBe(0);
    expect(session.text).not.toContain('short');
    expect(session.text).not.toContain(SECRET);
    expect(written(aws)).toMatchObject([{ Value: SECRET }, { Value: SECRET }]);
  });

  it('leaves a prompt with Ctrl-C: nothing is written, exit code 1', async () => {
    const { session, aws } = await twoRegion('params', 'put', 'dev', 'api_key');
    await session.shows(/Allowed: 20 to 128/);
    session.type(SECRET);
    session.type(CTRL_C);
    expect(await session.ends()).toBe(1);
    expect(session.text).toContain('Cancelled: nothing was changed.');
    expect(session.text).not.toContain(SECRET);
    expect(written(aws)).toEqual([]);
  });

  it('types the name of the live environment before it is applied (S0.13)', async () => {
    session = TerminalSession.ofScript(`
import { confirm } from '${room}cli/confirm.ts';
await confirm({ what: 'envA receives live traffic.', word: 'envA', yes: false });
console.log('confirmed');`);
    await session.shows(/envA receives live traffic\. Type envA to go on\./);
    session.type(`envB${ENTER}`);
    await session.shows(/Type envA, or leave with Ctrl-C/);
    session.type(`${'\u007f'.repeat(4)}envA${ENTER}`);
    await session.shows(/confirmed/);
    expect(await session.ends()).toBe(0);
  });

  it('sees what is under way on one line, presses Ctrl-C, and Terraform is told once and waited for', async () => {
    const terraform = await standIn(`
if (args[0] === 'plan') {
  say({ type: 'planned_change', change: { resource: { addr: 'aws_a.b', resource_type: 'aws_a' }, action: 'create' } });
  process.exitCode = 2;
}
if (args[0] === 'apply') {
  process.on('SIGINT', () => { note('SIGINT'); setTimeout(() => { note('lock released'); process.exit(1); }, 300); });
  setInterval(() => undefined, 1000);
  say({ type: 'apply_complete', hook: { resource: { addr: 'aws_a.b' }, action: 'create' } });
}`);
    session = TerminalSession.ofScript(
      `
import { progressView } from '${room}cli/progress-view.ts';
import { colorsFor } from '${room}cli/terminal.ts';
import { applySteps } from '${room}terraform/apply-steps.ts';
import { listenForInterruption } from '${room}cli/interruption.ts';
import { openTerraform } from '${room}terraform/open-terraform.ts';
const view = progressView(process.stderr, colorsFor(process.stderr));
view.phase('synthesizing');
const { signal, dispose } = listenForInterruption((message) => view.line(message));
const terraform = openTerraform({ signal, onProgress: (progress) => view.progress(progress) });
const stack = ${JSON.stringify(terraform.stack)};
const results = await applySteps(terraform, [[stack], [stack]], { variablesOf: () => ({}), signal });
view.end();
dispose();
await terraform.close();
console.log(results.map(({ outcome }) => outcome).join(', '));`,
      { environment: { TERRAFORM_BINARY_NAME: terraform.binary, TF_CLI_CONFIG_FILE: '/dev/null' } },
    );
    await session.shows(/synthesizing \(0 s\)/);
    await session.shows(/envA-primary: initializing/);
    await session.shows(/envA-primary: applying 1 of 1/);
    session.type(CTRL_C);
    await session.shows(/Interrupted: Terraform ends what it has begun/);
    session.type(CTRL_C);
    await session.shows(/Still waiting for Terraform/);
    await session.shows(/failed, not run/);
    expect(await session.ends()).toBe(0);
    // Each state of the line takes the place of the one before it, and the last one is gone in the end.
    const lines = session.raw.split(CLEAR_LINE);
    expect(lines.filter((line) => line.includes('applying 1 of 1')).every((line) => !line.includes('\n'))).toBe(true);
    expect(lines.at(-1)).toMatch(/^failed, not run\s*$/);
    expect((await terraform.calls()).slice(-3)).toEqual([expect.stringMatching(/^apply/), 'SIGINT', 'lock released']);
    await terraform.remove();
  });
});
