import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import type { RegionsMessage } from '#local/control/regions-schema.ts';
import { describeStatus } from '#operator/status/describe-status.ts';
import { readLocalStatus } from '#operator/status/read-status.ts';
import { functionName } from '#stacks/naming.ts';
import { documentsHere } from '#tests/tools/operator/journal/kept-documents.ts';
import { context } from '#tests/tools/operator/live/faked-live.ts';
import { localLive, localRegion } from '#tests/tools/operator/live/local-live.ts';

const status = (regions: RegionsMessage) =>
  readLocalStatus(context, {
    regions: async () => regions,
    status: () => Promise.reject(new Error('It is not asked.')),
    alarms: async () => ({ alarms: [], changes: [] }),
    ...documentsHere(),
  });
const mapped = (environment: string) => ({
  names: localRegion('').names.map((name) => ({ ...name, environment })),
});

describe('the status of the local runtime (S0.15)', () => {
  it('shows what that of AWS shows: target, idle, APIs, health, and each environment with content, time and versions', async () => {
    const read = await status(localLive());
    expect(read).toMatchObject({
      stage: 'dev',
      names: { rest: 'api.local', http: 'events.local' },
      target: 'envA',
      idle: ['envB'],
      // Both were made when the runtime started.
      newest: undefined,
      disagreements: [],
    });
    const text = describeStatus(read, pc.createColors(false));
    expect(text).toMatch(
      /primary eu-central-1\n {2}REST API rest-id, HTTP API http-id\n {2}health check eu-central-1\.api\.local\/healthcheck\?shallow=true healthy/,
    );
    expect(text).toMatch(/\* envA +[0-9a-f]{12} +2026-01-02T03:04:05Z +all 1/);
    expect(text).toMatch(/ {2}preview +[0-9a-f]{12} +2026-01-02T03:04:05Z +all \$LATEST/);
  });

  it('B13: says which environments have a release, and which follow the working tree', async () => {
    const live = localLive();
    const said = async (follows: 'release' | 'working tree') => {
      const environments = {
        envA: { follows, deployedAt: 1 },
        envB: { follows, deployedAt: 1_800_000_000_000 },
        preview: { follows: 'working tree' as const, deployedAt: 1 },
      };
      const read = await status({ ...live, environments });
      return { newest: read.newest, text: describeStatus(read, pc.createColors(false)) };
    };
    const before = await said('working tree');
    expect(before.text).toMatch(
      /releases +none yet: every environment follows the working tree \(with --no-watch: as it was at the start\)/,
    );
    const after = await said('release');
    expect(after.text).toMatch(
      /releases +envA, envB; preview follows the working tree \(with --no-watch: as it was at the last release\)/,
    );
    expect(after.newest).toBe('envB');
  });

  it('B12: asks which routes a release is served with, and names what it lacks of those that it recorded', async () => {
    const releases = { envA: { follows: 'release' as const, deployedAt: 1 } };
    const served = (routes: (route: string) => boolean) => {
      const region = localRegion('eu-west-1', {});
      const record = (name: string) => {
        const routes = operations.filter((operation) => name === functionName(context, operation.function));
        return { envA: JSON.stringify({ tables: {}, routes }) };
      };
      const functions = region.functions.map((each) => ({ ...each, records: record(each.name) }));
      const apis = region.apis.map((api) => ({
        ...api,
        stages: api.stages.map((stage) => ({ ...stage, routes: stage.routes.filter(routes) })),
      }));
      return { ...localLive({ secondary: { ...region, functions, apis } }), environments: releases };
    };
    const lacking = async (routes: (route: string) => boolean) => {
      const { regions } = await status(served(routes));
      return regions.map(({ environments }) => environments.find(({ name }) => name === 'envA')?.lacks);
    };
    expect(await lacking(() => true)).toEqual([[], []]);
    expect(await lacking((route) => route !== 'GET /user/{id}' && route !== 'POST /events')).toEqual([
      [],
      [
        'What envA serves of the REST API has no route GET /user/{id}.',
        'What envA serves of the HTTP API has no route POST /events.',
      ],
    ]);
  });

  it('S0.12: names what a switch has not moved yet', async () => {
    const read = await status(localLive({ secondary: localRegion('eu-west-1', mapped('envB')) }));
    expect(read.target).toBeUndefined();
    expect(read.disagreements).toEqual([
      'The public names do not lead to one environment (primary: REST envA, HTTP envA; secondary: REST envB, HTTP envB).',
    ]);
  });

  it('shows a check that fails, and content that differs between the regions', async () => {
    const { healthChecks, ...live } = localLive({ secondary: localRegion('eu-west-1', { functions: [] }) });
    const read = await status({
      ...live,
      healthChecks: healthChecks.map((check) => ({ ...check, status: 'unhealthy' })),
    });
    expect(read.regions.map(({ health }) => [health?.rest?.status, health?.http?.status])).toEqual([
      ['unhealthy', 'unhealthy'],
      ['unhealthy', 'unhealthy'],
    ]);
    expect(read.disagreements).toContainEqual(expect.stringMatching(/^envA has different content: primary /));
  });

  it('shows the other region, and how to recover, when one was made to fail', async () => {
    const read = await status(localLive({ primary: localRegion('eu-central-1', { failed: true }) }));
    expect(read).toMatchObject({ target: 'envA', names: { rest: 'api.local' } });
    expect(read.disagreements).toEqual([
      expect.stringMatching(/^The primary region eu-central-1 did not answer: .*two-region local recover primary$/),
    ]);
  });
});
