import { ACMClient, DescribeCertificateCommand } from '@aws-sdk/client-acm';
import { APIGatewayClient, GetDomainNameCommand } from '@aws-sdk/client-api-gateway';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { accountQuestions, renewalQuestion } from '#operator/account/questions.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { describeChange } from '#operator/local/describe-change.ts';
import { compareRegions } from '#operator/parity/compare.ts';
import { parameterFacts } from '#operator/parity/fact.ts';
import { describeStatus } from '#operator/status/describe-status.ts';
import { concludeStatus } from '#operator/status/stage-status.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import type { Settings } from '#stacks/settings/settings.ts';
import { context, memoryStore } from '#tests/tools/operator/parameters/stores.ts';

const acm = mockClient(ACMClient);
const gateway = mockClient(APIGatewayClient);
afterAll(() => {
  acm.restore();
  gateway.restore();
});

const colors = colorsFor(process.stderr);
const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';
const VALUES = new Map([
  ['certificate_arn_edge', ARN],
  ['domain_name', 'api.example.com'],
  ['events_domain_name', 'events.example.com'],
]);

function withEdge(state: Settings['edge']['state']): StageContext {
  return { ...context, settings: { ...context.settings, edge: { ...context.settings.edge, state } } };
}

/** What ACM has of the certificate. */
function certificate(more: object) {
  acm.on(DescribeCertificateCommand).callsFake(async (_, client) => {
    const region: unknown = client().config.region;
    if ((typeof region === 'function' ? await region() : region) !== 'us-east-1') return {};
    const SubjectAlternativeNames = ['api.example.com', 'events.example.com'];
    const NotAfter = new Date(Date.now() + 90 * 86_400_000);
    return { Certificate: { CertificateArn: ARN, Status: 'ISSUED', SubjectAlternativeNames, NotAfter, ...more } };
  });
}

describe('the certificate of the edge, which is in us-east-1 (S4.1)', () => {
  beforeEach(() => {
    acm.reset();
    gateway.reset();
    gateway.on(GetDomainNameCommand).resolves({});
  });
  const look = (state: Settings['edge']['state'], values = VALUES) =>
    accountQuestions(withEdge(state), async () => values)
      .find(({ name }) => name === 'certificate of the edge')
      ?.look();
  const renewal = (state: Settings['edge']['state']) => renewalQuestion(withEdge(state), async () => VALUES).look();

  it('is asked for by doctor and deploy where there is an edge, and by nobody else', async () => {
    certificate({});
    expect(look('none')).toBeUndefined();
    for (const state of ['standby', 'active'] as const) {
      expect(await look(state)).toMatchObject({ outcome: 'ok', found: expect.stringContaining('us-east-1') });
    }
    expect(await look('active', new Map())).toMatchObject({ outcome: 'skipped' });
  });

  it('must be issued, and cover both public names', async () => {
    certificate({ Status: 'PENDING_VALIDATION' });
    expect(await look('standby')).toMatchObject({ outcome: 'fail', found: expect.stringContaining('PENDING') });
    certificate({ SubjectAlternativeNames: ['api.example.com'] });
    expect(await look('standby')).toMatchObject({
      outcome: 'fail',
      found: expect.stringContaining('not for events.example.com'),
    });
  });

  it('must not end soon: doctor and readiness say so', async () => {
    certificate({});
    expect(await renewal('none')).toMatchObject({ outcome: 'skipped' });
    expect(await renewal('active')).toMatchObject({ outcome: 'ok' });
    certificate({ NotAfter: new Date(Date.now() + 5 * 86_400_000) });
    expect(await renewal('active')).toMatchObject({ outcome: 'fail', found: expect.stringContaining('us-east-1') });
  });
});

it('parity compares the secret of the edge, and shows none of it (S4.1)', async () => {
  const facts = async (regionType: RegionType, secret: string) => {
    const { region } = inRegion(context, regionType);
    return { regionType, region, facts: await parameterFacts(memoryStore(region, new Map([['edge_secret', secret]]))) };
  };
  const compared = async (one: string, other: string) =>
    compareRegions(await facts('primary', one), await facts('secondary', other)).differences;
  const secret = 'a-secret-of-this-test-0123456789';
  expect(await compared(secret, secret)).toEqual([]);
  const differences = await compared(secret, `${secret}-older`);
  expect(differences).toMatchObject([{ kind: 'parameter', name: 'edge_secret' }]);
  expect(JSON.stringify(differences)).not.toContain(secret);
});

it.each([
  ['none', /^((?!CloudFront).)*$/s],
  ['standby', /^edge +CloudFront stands by: the public names lead to the regions$/m],
  ['active', /^edge +CloudFront: the public names lead to it$/m],
] as const)('status says of EDGE="%s" where the public names lead (S4.1)', (state, line) => {
  expect(describeStatus(concludeStatus(withEdge(state), {}, []), colors)).toMatch(line);
});

describe('what clients of the edge see when a region fails (S4.1)', () => {
  const failed = (edge?: readonly string[]) =>
    describeChange(
      {
        region: 'primary',
        action: 'fail',
        at: 0,
        moved: [],
        predicted: { noticed: false, reason: 'of this test' },
        timeScale: 1,
        inTime: true,
        ...(edge && { edge }),
      },
      colors,
    );

  it('is said of reads that are asked of the other region, and of everything else', () => {
    expect(failed()).not.toContain('edge');
    expect(failed([])).toMatch(/no read is asked of the other region .*; everything else, and every write, gets/);
    expect(failed(['/facts*'])).toMatch(/reads of \/facts\* are asked of the other region at once/);
  });
});
