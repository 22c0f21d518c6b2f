import type { CertificateDetail } from '@aws-sdk/client-acm';
import { describe, expect, it } from 'vitest';
import { type CertificatePort, judgeCertificate, shownCertificates } from '#operator/live/certificates.ts';
import { readStatus } from '#operator/status/read-status.ts';
import { context, fakedLive } from './faked-live.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const names = ['api.example.com', 'events.example.com'];
const inDays = (days: number) => new Date(now + days * 86_400_000);

/** A region whose names show one certificate, but for those that say otherwise. */
function port(detail: CertificateDetail, others: Readonly<Record<string, string | undefined>> = {}): CertificatePort {
  return {
    shownBy: async (name) => (Object.hasOwn(others, name) ? others[name] : 'arn:one'),
    describe: async (arn) => (arn === 'arn:one' ? detail : undefined),
  };
}

const all = { SubjectAlternativeNames: ['*.example.com', '*.api.example.com', '*.events.example.com'] };

async function verdicts(detail: CertificateDetail, others?: Readonly<Record<string, string | undefined>>) {
  const shown = await shownCertificates(port({ ...all, ...detail }, others), 'eu-central-1', names, now);
  return shown.map((certificate) => judgeCertificate(certificate, 'eu-central-1', 'dev'));
}

describe('the certificates that clients are shown (B23)', () => {
  it("are those of the public names and of the region's own", async () => {
    const [certificate] = await shownCertificates(port({ ...all, NotAfter: inDays(90) }), 'eu-central-1', names, now);
    expect(certificate).toEqual({
      arn: 'arn:one',
      names: names.flatMap((name) => [name, `eu-central-1.${name}`]),
      daysLeft: 90,
      renewal: undefined,
      uncovered: [],
      isImported: false,
    });
  });

  it.each([
    [46, 'ok'],
    [45, 'warn'],
    [15, 'warn'],
    [14, 'fail'],
    [-1, 'fail'],
  ])('with %i days left are judged %s', async (days, outcome) => {
    expect(await verdicts({ NotAfter: inDays(days) })).toMatchObject([{ outcome }]);
  });

  it('say how the renewal stands, and what mends it', async () => {
    const renewal = {
      RenewalStatus: 'PENDING_VALIDATION',
      UpdatedAt: new Date(now),
      DomainValidationOptions: [],
    } as const;
    const pending = { ...renewal, DomainValidationOptions: [...renewal.DomainValidationOptions] };
    const [verdict] = await verdicts({ NotAfter: inDays(30), RenewalSummary: pending });
    expect(verdict?.found).toContain('ends in 30 days (renewal: PENDING_VALIDATION)');
    expect(verdict?.fix).toContain('two-region deploy dev --stack certificates');
    const [imported] = await verdicts({ NotAfter: inDays(30), Type: 'IMPORTED' });
    expect(imported).toMatchObject({ outcome: 'warn', fix: expect.stringContaining('Reimport') });
  });

  it('fail where they do not cover a name that shows them', async () => {
    const [verdict] = await verdicts({ NotAfter: inDays(90), SubjectAlternativeNames: ['api.example.com'] });
    expect(verdict).toMatchObject({
      outcome: 'fail',
      found: expect.stringMatching(/does not cover eu-central-1\.api\.example\.com, events\.example\.com/),
    });
  });

  it('are left out where a name has no domain yet', async () => {
    expect(
      await verdicts(
        { NotAfter: inDays(1) },
        Object.fromEntries(
          names.flatMap((name) => [
            [name, undefined],
            [`eu-central-1.${name}`, undefined],
          ]),
        ),
      ),
    ).toEqual([]);
  });

  it('are part of the status, which says what is about to end, and of which ACM hides nothing else', async () => {
    const released = { target: 'envA', versions: { envA: '3', envB: '4' } };
    const live = fakedLive({ primary: released, secondary: released });
    const soon = port({ ...all, NotAfter: new Date(Date.now() + 20.5 * 86_400_000) });
    const gone: CertificatePort = {
      shownBy: () => Promise.reject(new Error('no ACM')),
      describe: async () => undefined,
    };
    const journal = { read: async () => ({ version: 1, switches: [] }) as const };
    const status = await readStatus(
      context,
      { ...live, certificates: { primary: soon, secondary: gone } },
      { journal, catchUp: { read: async () => [] }, flags: '' },
      async () => [],
    );
    expect(status.regions.map(({ certificates }) => certificates?.length)).toEqual([1, undefined]);
    expect(status.disagreements).toEqual([
      expect.stringMatching(/^The certificate of api\.example\.com.+ ends in 20 days/),
    ]);
  });
});
