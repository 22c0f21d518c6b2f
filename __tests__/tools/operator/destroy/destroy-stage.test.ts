import { describe, expect, it } from 'vitest';
import { RefusedError } from '#operator/cli/errors.ts';
import { CancelledError } from '#operator/cli/prompt.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { DestroyError, describeReport } from '#operator/destroy/destroy-report.ts';
import { destroyStage } from '#operator/destroy/destroy-stage.ts';
import type { StageData } from '#operator/destroy/stage-data.ts';
import { killedSwitch } from '#tests/tools/operator/journal/recorded.ts';
import { FakedTerraform } from '#tests/tools/operator/terraform/faked-terraform.ts';
import { everythingHeld, fakedDestroy } from './faked-destroy.ts';

const again = 'two-region destroy dev';

const table: StageData = {
  stack: 'data',
  kind: 'table',
  name: 'two-region-api-dev-user',
  count: 12,
  isMore: false,
  isProtected: true,
};
const bucket: StageData = {
  ...table,
  stack: 'base-primary',
  kind: 'bucket',
  name: 'files',
  count: 1,
  isProtected: false,
};

describe('destroying a stage (B20)', () => {
  it('takes every stack down, what reads it first, and says what stays', async () => {
    const { context, ports, events, destroyed, journalIsEmpty } = fakedDestroy({ switches: [killedSwitch] });
    const report = await destroyStage(context, ports, { again });
    expect(destroyed()).toEqual([
      'routing',
      'entry-primary',
      'entry-secondary',
      ...['preview-primary', 'preview-secondary', 'envB-primary', 'envB-secondary', 'envA-primary', 'envA-secondary'],
      ...['api-primary', 'api-secondary', 'data', 'base-primary', 'base-secondary'],
    ]);
    expect(events).toEqual(['asked']);
    expect(journalIsEmpty()).toBe(true);
    const text = describeReport(report, colorsFor(process.stdout));
    expect(text).toMatch(/two-region-api-state-dev and two-region-api-state-dev-replica/);
    expect(text).toMatch(/parameters below \/two-region-api\/dev/);
    expect(text).toMatch(/Make it again: two-region deploy dev/);
  });

  it('is asked first, and does nothing when it must not', async () => {
    const confirm = () => Promise.reject(new CancelledError('Cancelled: nothing was changed.'));
    const { context, ports, destroyed } = fakedDestroy({ confirm });
    await expect(destroyStage(context, ports, { again })).rejects.toThrow(CancelledError);
    expect(destroyed()).toEqual([]);
  });

  it('shows with --dry-run what would go, and asks nothing', async () => {
    const { context, ports, events, destroyed } = fakedDestroy({ data: [table] });
    const report = await destroyStage(context, ports, { again, dryRun: true });
    expect({ events, destroyed: destroyed() }).toEqual({ events: [], destroyed: [] });
    const text = describeReport(report, colorsFor(process.stdout));
    expect(text).toMatch(/14 stacks with 42 resources/);
    expect(text).toMatch(/routing +3 resources/);
    expect(text).toMatch(/table +two-region-api-dev-user +12 items +protected/);
  });

  it('refuses protected data, and lets it go when told twice, before Terraform comes to it', async () => {
    const refused = fakedDestroy({ data: [table, bucket] });
    const refusal = destroyStage(refused.context, refused.ports, { again });
    await expect(refusal).rejects.toThrow(/data: table two-region-api-dev-user\n.*destroy dev --allow-data-loss/s);
    expect(refused.destroyed()).toEqual([]);
    const told = fakedDestroy({ data: [table, bucket] });
    await destroyStage(told.context, told.ports, { again, allowDataLoss: true });
    expect(told.events).toEqual([
      'asked',
      'asked about 1 of data',
      'let go table two-region-api-dev-user',
      'let go bucket files',
    ]);
    expect(told.destroyed()).toContain('data');
  });

  it('goes on where it stopped: what has no resources any more is passed over', async () => {
    const held = everythingHeld().filter(({ kind }) => ['api', 'data', 'base'].includes(kind));
    const { context, ports, destroyed } = fakedDestroy({ held });
    await destroyStage(context, ports, { again });
    expect(destroyed()).toEqual(['api-primary', 'api-secondary', 'data', 'base-primary', 'base-secondary']);
    const done = fakedDestroy({ held: [], switches: [killedSwitch] });
    const report = await destroyStage(done.context, done.ports, { again });
    expect(describeReport(report, colorsFor(process.stdout))).toBe('Nothing of dev is left to be destroyed.');
    expect(done.journalIsEmpty()).toBe(true);
    const shown = fakedDestroy({ held: [], switches: [killedSwitch] });
    await destroyStage(shown.context, shown.ports, { again, dryRun: true });
    expect(shown.journalIsEmpty()).toBe(false);
  });

  it('ends after the step in which a stack fails, and names what is left and how to go on', async () => {
    const terraform = new FakedTerraform({ 'entry-primary': { destroyFails: 'Error: TooManyRequests' } });
    const { context, ports, destroyed, journalIsEmpty } = fakedDestroy({ terraform, switches: [killedSwitch] });
    const error = await destroyStage(context, ports, { again }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DestroyError);
    expect(String(error)).toMatch(
      /failed in entry-primary.+TooManyRequests.+Destroyed: routing, entry-secondary\. Not begun: .*data.+go on with: two-region destroy dev/s,
    );
    expect(error).toMatchObject({ exitCode: 4, report: { stage: 'dev' } });
    expect(destroyed()).toEqual(['routing', 'entry-secondary']);
    expect(journalIsEmpty()).toBe(false);
  });

  it('ends the same way where data cannot be let go: the other stacks of the step are finished, the one is named', async () => {
    const { context, ports, destroyed } = fakedDestroy({ data: [bucket] });
    const letGo = async (gone: readonly StageData[]) => {
      if (gone.length > 0) throw new Error('S3 does not delete a of files: AccessDenied locked');
    };
    const data = { ...ports.data, letGo };
    const error = await destroyStage(context, { ...ports, data }, { again }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DestroyError);
    expect(String(error)).toMatch(/failed in base-primary\.\n\nbase-primary:\n {2}S3 does not delete a of files/);
    expect(destroyed()).toContain('base-secondary');
    expect(destroyed()).not.toContain('base-primary');
  });

  it('begins no other stack after Ctrl-C', async () => {
    const controller = new AbortController();
    const { context, ports, destroyed } = fakedDestroy({ signal: controller.signal });
    const hears = { ...ports, onResult: () => controller.abort() };
    await expect(destroyStage(context, hears, { again })).rejects.toThrow(/dev was interrupted.+Destroyed: routing\./s);
    expect(destroyed()).toEqual(['routing']);
  });

  it('takes environments down that settings.conf no longer names', async () => {
    const { context, ports, syntheses, destroyed } = fakedDestroy({ held: everythingHeld(['envA', 'envB', 'envC']) });
    await destroyStage(context, ports, { again });
    expect(syntheses).toEqual([['envA', 'envB', 'envC']]);
    expect(destroyed()).toContain('envC-secondary');
  });

  it('takes single stacks down, unless others that stay read them; the journal stays', async () => {
    const one = fakedDestroy({ switches: [killedSwitch] });
    await destroyStage(one.context, one.ports, { again, stacks: ['routing'] });
    expect({ destroyed: one.destroyed(), empty: one.journalIsEmpty() }).toEqual({
      destroyed: ['routing'],
      empty: false,
    });
    const read = fakedDestroy();
    const refusal = destroyStage(read.context, read.ports, { again, stacks: ['envB'] });
    await expect(refusal).rejects.toThrow(
      /envB-primary: entry-primary\n +envB-secondary: entry-secondary\n.*destroy dev --env ENVIRONMENT/s,
    );
    await expect(destroyStage(read.context, read.ports, { again, stacks: ['dtaa'] })).rejects.toThrow(RefusedError);
    expect(read.destroyed()).toEqual([]);
  });
});
