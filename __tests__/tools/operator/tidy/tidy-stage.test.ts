import { describe, expect, it } from 'vitest';
import { RefusedError } from '#operator/cli/errors.ts';
import { CancelledError } from '#operator/cli/prompt.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { bytes, describePlan, describeTidy } from '#operator/tidy/describe-tidy.ts';
import type { Inventory, Leftover } from '#operator/tidy/leftovers.ts';
import { type TidyOptions, type TidyPorts, tidyStage } from '#operator/tidy/tidy-stage.ts';
import { NO_RECORDS } from '#stacks/release-record.ts';
import { killedSwitch, recorded } from '#tests/tools/operator/journal/recorded.ts';
import { context } from '#tests/tools/operator/live/faked-live.ts';
import { type FakedStack, FakedTerraform } from '#tests/tools/operator/terraform/faked-terraform.ts';
import { stacksOfAStage } from '#tests/tools/operator/terraform/stacks-of-a-stage.ts';

const nothing: Inventory = { functions: [], packages: [], apis: [], logGroups: [] };
const old = new Date('2026-01-01T00:00:00Z');
const piled: Inventory = {
  ...nothing,
  functions: [
    {
      name: 'two-region-api-dev-user',
      function: 'user',
      versions: Array.from({ length: 8 }, (_, at) => ({ version: String(at + 1), bytes: 2048, made: old })),
      aliased: ['8'],
    },
  ],
  storage: { used: 3_000_000, limit: 80_530_636_800 },
};

const unchanged: FakedStack = { changes: [] };
const quiet = { 'api-primary': unchanged, 'api-secondary': unchanged, data: unchanged };

function tidy(
  faked: Partial<TidyPorts> & {
    readonly options?: TidyOptions;
    readonly inventory?: Inventory;
    readonly stacks?: Readonly<Record<string, FakedStack>>;
    readonly refuses?: (leftover: Leftover) => boolean;
  } = {},
) {
  const { options = {}, inventory = piled, stacks = {}, refuses = () => false, ...ports } = faked;
  const terraform = new FakedTerraform({ ...quiet, ...stacks });
  const removed: string[] = [];
  const asked: string[] = [];
  const region = (name: string) => ({
    inventory: async (functions: readonly string[], environments: readonly string[]) => {
      asked.push(`${name}: ${functions.includes('user')} ${environments.join()}`);
      return inventory;
    },
    remove: async (leftover: Leftover) => {
      if (refuses(leftover)) throw new Error('an alias leads to it');
      removed.push(`${name} ${leftover.kind === 'version' ? leftover.version : leftover.kind}`);
    },
  });
  const report = tidyStage(
    context,
    {
      regions: { primary: region('primary'), secondary: region('secondary') },
      records: async () => NO_RECORDS,
      target: async () => 'envA',
      journal: recorded(),
      synthesize: async () => stacksOfAStage(),
      terraform,
      confirm: async () => {
        asked.push('asked');
      },
      now: () => Date.parse('2026-06-30T00:00:00Z'),
      ...ports,
    },
    options,
  );
  return { report, terraform, removed, asked };
}

const colors = colorsFor(process.stdout);

describe('tidying a stage (B20)', () => {
  it('removes in both regions what nothing needs, after a question that says what and how much', async () => {
    const { report, removed, asked } = tidy();
    const done = await report;
    expect(removed.toSorted()).toEqual([
      'primary 1',
      'primary 2',
      'primary 3',
      'secondary 1',
      'secondary 2',
      'secondary 3',
    ]);
    expect(asked).toEqual(['primary: true envA,envB,preview', 'secondary: true envA,envB,preview', 'asked']);
    const plan = describePlan(done).join('\n');
    expect(plan).toMatch(/of each the newest 5 stay, and what is younger than 30 days/);
    expect(plan).toMatch(
      /eu-central-1, where Lambda keeps 2\.9 MB of 75\.0 GB for the account\n +3 +versions +6\.0 KB/,
    );
    expect(plan).toMatch(/version +two-region-api-dev-user:1 +2026-01-01 +2\.0 KB/);
    expect(describeTidy(done, colors)).toMatch(/Removed in eu-west-1:\n +3 +versions +6\.0 KB/);
  });

  it('shows the same with --dry-run, and removes nothing', async () => {
    const { report, removed, asked } = tidy({ options: { dryRun: true } });
    expect(describeTidy(await report, colors)).toMatch(/3 +versions/);
    expect({ removed, asked: asked.slice(2) }).toEqual({ removed: [], asked: [] });
  });

  it('removes nothing when the question is not answered with yes', async () => {
    const confirm = () => Promise.reject(new CancelledError('Cancelled: nothing was changed.'));
    const { report, removed, terraform } = tidy({ confirm, stacks: { 'api-primary': going('aws_iam_role') } });
    await expect(report).rejects.toThrow(CancelledError);
    expect({ removed, applied: terraform.applied }).toEqual({ removed: [], applied: [] });
  });

  it('is done where there is nothing', async () => {
    const { report, asked } = tidy({ inventory: nothing });
    expect(describeTidy(await report, colors)).toBe('Nothing of dev is to be tidied.');
    expect(asked).not.toContain('asked');
  });

  it('refuses before the first deploy and while a switch is unfinished', async () => {
    await expect(tidy({ target: async () => undefined }).report).rejects.toThrow(RefusedError);
    const under = tidy({ journal: recorded(killedSwitch) });
    await expect(under.report).rejects.toThrow(/is unfinished/);
    expect(under.asked).toEqual([]);
  });

  it('goes on where AWS refuses one, and says which', async () => {
    const { report, removed } = tidy({ refuses: (each) => each.kind === 'version' && each.version === '2' });
    const text = describeTidy(await report, colors);
    expect(text).toMatch(/AWS did not remove:\n +eu-central-1: two-region-api-dev-user:2: an alias leads to it/);
    expect(removed).toHaveLength(4);
  });

  it('begins nothing more after Ctrl-C, and says how much is left', async () => {
    const controller = new AbortController();
    const { report, removed } = tidy({ signal: controller.signal, confirm: async () => controller.abort() });
    expect(describeTidy(await report, colors)).toMatch(/6 were not begun\. Go on with: two-region tidy dev/);
    expect(removed).toEqual([]);
  });
});

const going = (...types: readonly string[]): FakedStack => ({
  exists: true,
  changes: types.map((type) => [type, 'delete'] as const),
});

describe('what the shared stacks let go (B12, B20)', () => {
  it('goes by Terraform with the target that is live, the api stacks before the tables', async () => {
    const roles = going('aws_lambda_function', 'aws_iam_role');
    const { report, terraform } = tidy({
      inventory: nothing,
      stacks: { 'api-primary': roles, 'api-secondary': roles },
    });
    expect((await report).stacks).toMatchObject([
      {
        stack: 'api-primary',
        outcome: 'applied',
        changes: ['destroy aws_lambda_function.r0', 'destroy aws_iam_role.r1'],
      },
      { stack: 'api-secondary', outcome: 'applied' },
    ]);
    expect(terraform.planned.toSorted()).toEqual(['api-primary', 'api-secondary', 'data']);
    expect(terraform.applied.map(({ stack }) => stack)).toEqual(['api-primary', 'api-secondary']);
  });

  it('stays where the code has other changes, which a deploy asks about', async () => {
    const both: FakedStack = {
      exists: true,
      changes: [
        ['aws_iam_role', 'delete'],
        ['aws_lambda_function', 'update'],
      ],
    };
    const { report, terraform } = tidy({ inventory: nothing, stacks: { 'api-primary': both } });
    expect((await report).remarks).toEqual([
      expect.stringMatching(
        /api-primary has 1 other changes, such as change aws_lambda_function.+two-region deploy dev/,
      ),
    ]);
    expect(terraform.applied).toEqual([]);
  });

  it('stays where it is data, unless that is meant', async () => {
    const table = { data: going('aws_dynamodb_table') };
    const kept = tidy({ inventory: nothing, stacks: table });
    expect((await kept.report).remarks).toEqual([
      expect.stringMatching(/destroy aws_dynamodb_table.+--allow-data-loss/s),
    ]);
    expect(kept.terraform.applied).toEqual([]);
    const lost = tidy({ inventory: nothing, stacks: table, options: { allowDataLoss: true } });
    expect((await lost.report).stacks).toMatchObject([{ stack: 'data', outcome: 'applied' }]);
  });

  it('ends at a stack that fails; what no Terraform knows goes all the same', async () => {
    const stacks = {
      'api-primary': { ...going('aws_iam_role'), applyFails: 'Error: throttled' },
      data: going('aws_dynamodb_table'),
    };
    const { report, removed } = tidy({ stacks, options: { allowDataLoss: true } });
    expect((await report).stacks).toMatchObject([
      { stack: 'api-primary', outcome: 'failed', problem: 'Error: throttled' },
      { stack: 'data', outcome: 'not run' },
    ]);
    expect(removed).toHaveLength(6);
  });
});

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KB'],
    [80_530_636_800, '75.0 GB'],
  ])('%i are %s', (count, text) => {
    expect(bytes(count)).toBe(text);
  });
});
