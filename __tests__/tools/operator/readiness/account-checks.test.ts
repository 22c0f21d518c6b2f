import type { CertificateDetail } from '@aws-sdk/client-acm';
import { describe, expect, it } from 'vitest';
import { judgeQuotas, type RegionLoad } from '#operator/readiness/standby-quotas.ts';
import { checkValidationRecords } from '#operator/readiness/validation-records.ts';
import type { RegionType } from '#stacks/context.ts';
import { context } from '#tests/tools/operator/live/faked-live.ts';

describe('quotas of both regions (B26)', () => {
  const all = { executions: 1000, requests: 10_000, burst: 5000, reads: 40_000, writes: 40_000, parameters: 40 };
  const judge = (
    primary: Partial<RegionLoad> = {},
    secondary: Partial<RegionLoad> = {},
    active: RegionType | undefined = 'primary',
  ) =>
    judgeQuotas(
      {
        primary: { region: 'eu-central-1', applied: all, peak: {}, ...primary },
        secondary: { region: 'eu-west-1', applied: all, peak: {}, ...secondary },
      },
      active,
    );

  it('are in order where they are the same and leave room for the load of both', () => {
    const { outcome, found } = judge({ peak: { executions: 700 } }, { peak: { executions: 100 } });
    expect(outcome).toBe('ok');
    expect(found).toContain('executions at once: 1000 in each region, 800 at the peak of the last day');
    expect(found).toContain('requests a second of Parameter Store: 40 in each region');
  });

  it('warn where the active region alone has less, and fail where both are active (S4.2)', () => {
    const more = { applied: { ...all, executions: 3000 } };
    expect(judge(more, {}, 'secondary').outcome).toBe('warn');
    expect(judge({}, more, 'secondary').outcome).toBe('fail');
    expect(judge({}, more).outcome).toBe('warn');
    expect(
      judgeQuotas(
        { primary: { region: 'a', peak: {}, ...more }, secondary: { region: 'b', applied: all, peak: {} } },
        undefined,
      ).outcome,
    ).toBe('fail');
  });

  it('fail where one was raised in the primary region alone, with the page of the other', () => {
    const verdict = judge({ applied: { ...all, executions: 3000 } });
    expect(verdict).toMatchObject({
      outcome: 'fail',
      found: 'executions at once: 3000 in eu-central-1, 1000 in eu-west-1',
      fix: expect.stringMatching(/eu-west-1.+lambda.+L-B99A9384$/),
    });
    expect(judge({}, { applied: { ...all, executions: 3000 } }).outcome).toBe('warn');
  });

  it('fail where one region could not take the load of both', () => {
    const verdict = judge({ peak: { requests: 6000 } }, { peak: { requests: 2001 } });
    expect(verdict).toMatchObject({
      outcome: 'fail',
      found: expect.stringMatching(/8001 at the peak .+ would be full$/),
    });
    expect(judge({ peak: { parameters: 33 } }).fix).toMatch(
      /ssm update-service-setting --region eu-central-1.+eu-west-1/s,
    );
  });

  it('say what is not known, and let it stop nobody', () => {
    const { executions: _, ...rest } = all;
    const verdict = judge({}, { applied: rest });
    expect(verdict).toMatchObject({ outcome: 'skipped', found: 'executions at once of eu-west-1 not known' });
  });
});

describe('the records that certificates are renewed by (B26)', () => {
  const detail = (record?: string): CertificateDetail => ({
    DomainName: 'api.example.com',
    NotAfter: new Date('2027-01-01T00:00:00Z'),
    DomainValidationOptions: [
      {
        DomainName: 'api.example.com',
        ...(record && { ResourceRecord: { Name: record, Type: 'CNAME', Value: '_b.acm-validations.aws.' } }),
      },
    ],
  });
  const check = (records: readonly string[], wanted?: string) => {
    const port = { shownBy: async () => 'arn', describe: async () => detail(wanted) };
    const zone = { name: async () => 'example.com', has: async (name: string) => records.includes(name) };
    return checkValidationRecords(context, { zone, certificates: { 'eu-west-1': port } }, ['api.example.com']);
  };

  it('are looked for in the zone, and one that is gone is told while the certificate is still good', async () => {
    const record = '_a.api.example.com.';
    expect(await check(['_a.api.example.com'], record)).toMatchObject({ outcome: 'ok' });
    expect(await check(['_b.api.example.com'], record)).toMatchObject({
      outcome: 'fail',
      found:
        '_a.api.example.com is not in the zone example.com: ACM cannot renew the certificate of api.example.com in eu-west-1',
    });
  });

  it('are not asked for in another zone, nor of a certificate that is not validated by DNS', async () => {
    expect(await check([], '_a.api.example.org.')).toMatchObject({ outcome: 'skipped' });
    expect(await check([])).toMatchObject({ outcome: 'skipped' });
  });
});
