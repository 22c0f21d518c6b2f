import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import { connectControl } from '#local/control/client.ts';
import { callExample } from '#tests/tools/local/support/call-example.ts';
import { type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';

const bin = new URL('../../../../tools/operator/two-region.mjs', import.meta.url).pathname;

interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Without the one statement that lets the primary region's function `test` write to table-b. */
function withoutTableB(stack: string, json: string): string {
  if (stack !== 'dev-api-primary') return json;
  const isRemoved = ({ actions, resources }: Statement) =>
    actions.includes('dynamodb:PutItem') && resources.some((resource) => resource.includes('table-b'));
  const changed = JSON.parse(json, (key, value) =>
    key === 'statement' ? value.filter((statement: Statement) => !isRemoved(statement)) : value,
  );
  return JSON.stringify(changed);
}

type Called = Awaited<ReturnType<typeof callExample>>;

/** On a busy machine the deep health check may miss its own deadline: then it is asked again. */
async function inTime(call: () => Promise<Called>): Promise<Called> {
  for (;;) {
    const called = await call();
    if (called.status !== 503 || !called.text.includes(': deadline')) return called;
  }
}

describe('least privilege (B11)', () => {
  let stage: RunningStage;
  beforeAll(async () => {
    stage = await startStage({ terraform: withoutTableB });
  }, 60_000);
  afterAll(() => stage?.close());

  const call = async (region: 'primary' | 'secondary', path: string) => {
    const { apiKey, regions } = stage.summary;
    const response = await fetch(`${regions[region].environments.envA}${path}`, { headers: { 'x-api-key': apiKey } });
    return { status: response.status, body: await response.json() };
  };
  /** A function's role has a hash of its permissions in its name. */
  const roleOf = (region: 'primary' | 'secondary') => `two-region-api-dev-test-[0-9a-f]{8}-${region}`;
  const refusals = () =>
    stage.log.query(({ kind }) => kind === 'warning').map((event) => ('message' in event ? event.message : ''));
  const unused = async () => (await (await connectControl(stage.directory)).unusedPermissions()).unused;

  it('refuses the one call that the synthesized policy does not allow, and says so with role, action and resource', async () => {
    expect(await call('primary', '/test')).toEqual({
      status: 500,
      body: { error: 'Internal server error', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    const table = 'arn:aws:dynamodb:eu-central-1:000000000000:table/two-region-api-dev-table-b';
    expect(refusals()).toEqual([
      expect.stringMatching(
        `^IAM: ${roleOf('primary')} may not dynamodb:PutItem on ${table}: no statement of its policies allows it[.]$`,
      ),
    ]);
    const lines = stage.log.query(({ kind }) => kind === 'function').map((event) => JSON.stringify(event));
    expect(lines).toContainEqual(
      expect.stringMatching(/AccessDeniedException.*is not authorized to perform: dynamodb:PutItem/),
    );
  });

  it('lists what nobody has done yet, in the terminal too', async () => {
    const before = await unused();
    expect(before).toContainEqual({
      role: expect.stringMatching(`^${roleOf('secondary')}$`),
      action: 's3:PutObject',
      resources: [expect.stringMatching(/^arn:aws:s3:::.+\/\*$/)],
      usedElsewhere: false,
    });
    const uses = before.map(({ role, action }) => `${role} ${action}`);
    expect(uses).toContain('two-region-api-dev-events-invoker-primary execute-api:Invoke');
    expect(uses).not.toContainEqual(expect.stringMatching(`^${roleOf('primary')} s3:PutObject$`));
    expect(uses).toContainEqual(expect.stringMatching(`^${roleOf('secondary')} s3:PutObject$`));
    expect(uses.filter((use) => use.includes(' logs:'))).toEqual([]);
    const shown = promisify(execFile)(process.execPath, [bin, 'local', 'permissions', '--json'], {
      cwd: stage.directory,
    });
    expect(JSON.parse((await shown).stdout)).toEqual({ unused: before });
  });

  it('serves everything else with no more rights than it needs: each role has used all that it may do', async () => {
    const before = refusals();
    for (const env of ['envA', 'envB', 'preview']) {
      for (const region of ['primary', 'secondary'] as const) {
        for (const operation of operations) {
          for (const example of operation.examples) {
            const { status, text } = await inTime(() =>
              callExample(stage.summary, operation, example, { env, region }),
            );
            const refused = operation.id === 'test' && region === 'primary';
            expect(status < 500, `${operation.id} in ${env} ${region}: ${status} ${text}`).toBe(!refused);
          }
        }
      }
    }
    expect(refusals().slice(before.length)).toEqual(
      Array.from({ length: 3 }, () => expect.stringMatching(`${roleOf('primary')} may not dynamodb:PutItem on `)),
    );
    expect(await unused()).toEqual([]);
  }, 60_000);
});
