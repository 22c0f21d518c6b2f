import { describe, expect, it } from 'vitest';
import { destroyEnvironment } from '#operator/destroy/destroy-environment.ts';
import type { SwitchRecord } from '#operator/journal/switch-journal.ts';
import { killedSwitch } from '#tests/tools/operator/journal/recorded.ts';
import { FakedTerraform } from '#tests/tools/operator/terraform/faked-terraform.ts';
import { everythingHeld, fakedDestroy } from './faked-destroy.ts';

const again = 'two-region destroy dev --env envC';
const held = everythingHeld(['envA', 'envB', 'envC']);
const usagePlan = { changes: [['aws_api_gateway_usage_plan', 'update'] as const], exists: true };
const entries = { 'entry-primary': usagePlan, 'entry-secondary': usagePlan };

describe('destroying one environment (B20, B12)', () => {
  it('takes it out of the usage plans, then down, in both regions, also when settings.conf has forgotten it', async () => {
    const terraform = new FakedTerraform(entries);
    const { context, ports, syntheses, destroyed } = fakedDestroy({ held, terraform });
    const report = await destroyEnvironment(context, ports, { environment: 'envC', again });
    expect(terraform.applied).toEqual([
      { stack: 'entry-primary', variables: { target_env: 'envA' } },
      { stack: 'entry-secondary', variables: { target_env: 'envA' } },
    ]);
    expect(syntheses).toEqual([
      ['envA', 'envB'],
      ['envA', 'envB', 'envC'],
    ]);
    expect(destroyed()).toEqual(['envC-primary', 'envC-secondary']);
    expect(report.remarks).toEqual(['What it alone needed of functions, roles and tables: two-region tidy dev']);
  });

  it('says that settings.conf still names it', async () => {
    const { context, ports, destroyed } = fakedDestroy({ terraform: new FakedTerraform(entries) });
    const report = await destroyEnvironment(context, ports, { environment: 'envB', again });
    expect(destroyed()).toEqual(['envB-primary', 'envB-secondary']);
    expect(report.remarks[0]).toMatch(/API_ENVIRONMENTS of settings.conf still names envB/);
  });

  it('destroys nothing while the entries have other changes', async () => {
    const other = { changes: [['aws_api_gateway_domain_name', 'update'] as const], exists: true };
    const terraform = new FakedTerraform({ ...entries, 'entry-secondary': other });
    const { context, ports, destroyed } = fakedDestroy({ held, terraform });
    await expect(destroyEnvironment(context, ports, { environment: 'envC', again })).rejects.toThrow(
      /entry-secondary has other changes, which must be deployed first/,
    );
    expect({ destroyed: destroyed(), applied: terraform.applied }).toEqual({ destroyed: [], applied: [] });
  });

  const moved: SwitchRecord = { ...killedSwitch, from: 'envB', to: 'envA', outcome: 'done' };
  it.each([
    ['the target', { target: 'envC' }, 'envC', /envC receives live traffic\. Move it first: two-region switch dev/],
    [
      'what a rollback returns to',
      { switches: [moved] },
      'envB',
      /A rollback of dev returns to envB.+--allow-no-rollback/,
    ],
    ['what there is not', {}, 'envD', /no environment "envD", allowed are envA, envB, envC/],
    ['preview', {}, 'preview', /two-region destroy dev --stack preview/],
    ['anything while a switch is unfinished', { switches: [killedSwitch] }, 'envC', /is unfinished/],
    [
      'anything while settings.conf forgets the target',
      { target: 'envC' },
      'envB',
      /API_ENVIRONMENTS does not name it/,
    ],
  ])('refuses %s', async (_, faked, environment, problem) => {
    const { context, ports, destroyed } = fakedDestroy({ held, ...faked });
    await expect(destroyEnvironment(context, ports, { environment, again })).rejects.toThrow(problem);
    expect(destroyed()).toEqual([]);
  });

  it('takes down what a rollback returns to when told so', async () => {
    const { context, ports, destroyed } = fakedDestroy({ switches: [moved], terraform: new FakedTerraform(entries) });
    await destroyEnvironment(context, ports, { environment: 'envB', again, allowNoRollback: true });
    expect(destroyed()).toEqual(['envB-primary', 'envB-secondary']);
  });
});
