import { describe, expect, it } from 'vitest';
import type { RouteDocument } from '#contract/route-document.ts';
import { makeChecks } from '#operator/doctor/check.ts';
import { type DrillPorts, drillChecks } from '#operator/doctor/drill-checks.ts';
import type { RouteStore } from '#operator/route/route-store.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';

const [PRIMARY, SECONDARY] = ['eu-central-1', 'eu-west-1'];

/** A bucket that refuses whoever may not write before it looks at the version, as S3 does. */
function bucket(
  region: string,
  { route = 'home', isClosed = false }: Partial<RouteDocument & { isClosed: boolean }> = {},
) {
  const written: string[] = [];
  const store: RouteStore = {
    region,
    read: async () => ({ document: { route }, version: '"1"' }),
    write: async (document, version) => {
      if (isClosed) throw Object.assign(new Error('Access Denied\nof s3:PutObject'), { name: 'AccessDenied' });
      if (version !== '"1"') return false;
      written.push(document.route);
      return true;
    },
  };
  return { ...store, written };
}

const as =
  (arn: string): DrillPorts['askIdentity'] =>
  async () => ({ identity: () => ({ account: '123456789012', arn }) });
const region = (regionType: 'primary' | 'secondary', status: 'healthy' | 'unhealthy' = 'healthy') => ({
  ...{ regionType, region: regionType === 'primary' ? PRIMARY : SECONDARY, targets: {}, apiIds: {}, environments: [] },
  health: { rest: { status, fqdn: `${regionType}.api.example.com`, resourcePath: '/healthcheck' } },
});

const ready: DrillPorts = {
  askIdentity: as('arn:aws:iam::123456789012:role/break-glass'),
  routes: { primary: bucket(PRIMARY), secondary: bucket(SECONDARY) },
  verifyState: async () => ({ differences: [], states: [] }),
  pack: async () => ({ outcome: 'ok', found: 'packed' }),
  status: async () => ({ disagreements: [], regions: [region('primary'), region('secondary')], target: 'envA' }),
};

async function found(ports: Partial<DrillPorts> = {}) {
  const results = await makeChecks(drillChecks(context, { ...ready, ...ports }));
  return Object.fromEntries(results.map(({ name, outcome, found: text, fix }) => [name, { outcome, text, fix }]));
}

describe('what a loss of a region would meet today: doctor --drill (B25)', () => {
  it('is in order where somebody may act, both regions are ready, and the copies are complete', async () => {
    const all = await found();
    expect(Object.values(all).map(({ outcome }) => outcome)).toEqual(Array(6).fill('ok'));
    expect(all.access?.text).toContain('role/break-glass');
    expect(all.time?.text).toMatch(/after 20 to 42 s.+within 102 s/);
  });

  it('tries whether route-away could be written in each region, and writes nothing', async () => {
    const routes = { primary: bucket(PRIMARY), secondary: bucket(SECONDARY, { isClosed: true }) };
    const { 'route-away': tried } = await found({ routes });
    expect(tried).toMatchObject({ outcome: 'fail', fix: expect.stringContaining('permissions dev --task switches') });
    expect(tried?.text).toBe("route-away primary can't be written in eu-west-1: Access Denied");
    expect([...routes.primary.written, ...routes.secondary.written]).toEqual([]);
  });

  it('says that a region from which traffic keeps away is no standby', async () => {
    const routes = { primary: bucket(PRIMARY), secondary: bucket(SECONDARY, { route: 'away' }) };
    expect((await found({ routes }))['route-away']).toMatchObject({
      outcome: 'warn',
      text: expect.stringContaining('traffic keeps away from the primary region'),
      fix: expect.stringContaining('route-back dev primary'),
    });
  });

  it('warns of credentials that end with IAM Identity Center', async () => {
    const arn = 'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ada';
    expect((await found({ askIdentity: as(arn) })).access).toMatchObject({
      outcome: 'warn',
      fix: expect.stringContaining('AWS_PROFILE='),
    });
  });

  it('fails where a region is ill or differs, and where a state has no copy', async () => {
    const regions = [region('primary'), region('secondary', 'unhealthy')];
    const status = async () => ({ disagreements: ['envA has different content.'], regions, target: 'envA' });
    const verifyState = async () => ({ differences: ['copy missing: dev-data. Wait.\nMore'], states: [] });
    const all = await found({ status, verifyState });
    expect(all['both regions']).toMatchObject({
      outcome: 'fail',
      text: 'envA has different content. secondary.api.example.com is unhealthy (eu-west-1)',
    });
    expect(all['state copies']).toMatchObject({ outcome: 'fail', text: 'copy missing: dev-data. Wait.' });
  });

  it('fails where nothing is live yet', async () => {
    const status = async () => ({ disagreements: [], regions: [], target: undefined });
    const text = 'The public names lead to no environment.';
    expect((await found({ status }))['both regions']).toMatchObject({ outcome: 'fail', text });
  });

  it('needs a stage', async () => {
    const { code, stderr } = await runHere(['doctor', '--drill']);
    expect(code).toBe(2);
    expect(stderr).toContain('two-region doctor STAGE --drill');
  });
});
