import { describe, expect, it } from 'vitest';
import type { LiveFunction } from '#operator/live/live-region.ts';
import { readRegion } from '#operator/live/read-region.ts';
import type { Probe } from '#operator/switch/preflight/answering-environment.ts';
import { preflightRegion } from '#operator/switch/preflight/region.ts';
import { context, fakedLive } from '#tests/tools/operator/live/faked-live.ts';
import { FakedTerraform } from '#tests/tools/operator/terraform/faked-terraform.ts';
import { type FakedAws, fakedAws, RELEASED, serving, switchingTerraform } from './faked-aws.ts';

/** `primary: what was found` */
const found = async (aws: FakedAws, environment = 'envB') =>
  (await fakedAws(aws).preflight(environment)).map(({ regionType, message }) => `${regionType ?? 'both'}: ${message}`);

const created = (day: number) => new Date(Date.UTC(2026, 0, day));

describe('the preflight of a switch on AWS (B3)', () => {
  it('finds nothing where everything is in order', async () => {
    expect(await found({})).toEqual([]);
  });

  it("asks both APIs' health routes with their data, below each region's own names (B23)", async () => {
    const asked: Parameters<ReturnType<typeof serving>>[0][] = [];
    await found({ probe: serving(asked) });
    expect(asked.map(({ host, path }) => host + path).sort()).toEqual([
      'eu-central-1.api.example.com/envB/healthcheck',
      'eu-central-1.events.example.com/envB/events/healthcheck',
      // Without a record of the release's routes the route is looked for first.
      'eu-central-1.events.example.com/envB/events/healthcheck?shallow=true',
      'eu-west-1.api.example.com/envB/healthcheck',
      'eu-west-1.events.example.com/envB/events/healthcheck',
      'eu-west-1.events.example.com/envB/events/healthcheck?shallow=true',
    ]);
  });

  it("asks neither Route 53 nor IAM, which no region's own API Gateway needs (B25)", async () => {
    const refused = () => Promise.reject(new Error('connect ECONNREFUSED'));
    const ports = { primary: { hasRole: refused }, secondary: { hasRole: refused } };
    expect(await found({ ports, live: { endpointChecks: refused, observations: refused } })).toEqual([]);
  });

  it("asks for no health route of the HTTP API where the environment's contract had none", async () => {
    const route = { id: 'healthcheck', api: 'rest', method: 'GET', path: '/healthcheck', auth: 'open' } as const;
    const version = { version: '4', package: { bucket: 'b', key: 'k', version: 'v', sha256: 's' }, tables: {} };
    const role = { hash: '1', name: 'role', policy: '{}' };
    const asked: Parameters<ReturnType<typeof serving>>[0][] = [];
    const recorded = {
      ...RELEASED,
      records: [{ environment: 'envB', functions: { healthcheck: { ...version, role, routes: [route] } } }],
    };
    expect(await found({ regions: { primary: recorded, secondary: recorded }, probe: serving(asked) })).toEqual([]);
    expect(asked.map(({ path }) => path)).toEqual(['/envB/healthcheck', '/envB/healthcheck']);
    const older: Probe = async ({ host }) =>
      host.includes('.events.')
        ? { status: 404, body: '{"message":"Not Found"}' }
        : { status: 200, body: '{"env":"envB"}' };
    expect(await found({ probe: older })).toEqual([]);
  });

  it('finds an environment that is not deployed', async () => {
    const secondary = { target: 'envA', versions: { envA: '3' } };
    expect(await found({ regions: { secondary } })).toEqual(['secondary: envB is not deployed; deployed are envA.']);
  });

  it('finds different content in the regions', async () => {
    const secondary = { ...RELEASED, versions: { envA: '3', envB: '5' } };
    expect(await found({ regions: { secondary } })).toEqual([
      expect.stringMatching(/^both: envB has different content in the regions: primary \w+, secondary \w+\.$/),
    ]);
  });

  it('finds a stage that serves an older deployment than the last one', async () => {
    const deployments = async () => [
      { id: 'd', environment: 'envB', created: created(1) },
      { id: 'e', environment: 'envB', created: created(2) },
      { id: 'f', environment: 'envA', created: created(3) },
    ];
    expect(await found({ ports: { primary: { deployments } } })).toEqual([
      'primary: Stage envB of the REST API rest-id serves the deployment d, but e is newer: a deploy broke off.',
      'primary: Stage envB of the HTTP API http-id serves the deployment d, but e is newer: a deploy broke off.',
    ]);
  });

  it('finds a stage that serves a deployment of another environment', async () => {
    const deployments = async () => [{ id: 'd', environment: 'envA', created: created(1) }];
    expect(await found({ ports: { primary: { deployments } } })).toEqual([
      expect.stringMatching(/REST API rest-id serves the deployment d, which was not made for it/),
      expect.stringMatching(/HTTP API http-id serves the deployment d, which was not made for it/),
    ]);
  });

  it('finds each route whose function API Gateway may not invoke', async () => {
    const invokers = async (name: string) =>
      name.endsWith('-user')
        ? ['arn:aws:execute-api:eu-west-1:1:rest-id/envB/GET/user/*', 'arn:aws:execute-api:eu-west-1:1:rest-id/envA/*']
        : ['*'];
    expect(await found({ ports: { secondary: { invokers } } })).toEqual([
      'secondary: API Gateway may not invoke the alias envB of user for POST /user/{id}.',
    ]);
  });

  it('asks for what the environment runs, not for what the code says by now (B12)', async () => {
    const route = { id: 'old', api: 'rest', method: 'GET', path: '/old', auth: 'open' } as const;
    const version = { version: '4', package: { bucket: 'b', key: 'k', version: 'v', sha256: 's' }, tables: {} };
    const functions = {
      old: { ...version, role: { hash: '1', name: 'role-of-old', policy: '{}' }, routes: [route] },
      user: { ...version, role: { hash: '2', name: 'role-of-user', policy: '{}' }, routes: [] },
    };
    const primary = { ...RELEASED, records: [{ environment: 'envB', functions }] };
    expect(await found({ regions: { primary, secondary: primary } })).toEqual([]);
    const invokers = async () => [];
    expect(await found({ regions: { primary, secondary: primary }, ports: { primary: { invokers } } })).toEqual([
      'primary: API Gateway may not invoke the alias envB of old for GET /old.',
    ]);
  });

  it('finds a health route that answers something else than 200, as another environment, or not at all', async () => {
    const answers = async (status: number, body: string) => found({ probe: async () => ({ status, body }) });
    expect(await answers(502, '{"message": "Internal server error"}')).toEqual([
      expect.stringMatching(
        /^primary: GET https:\/\/eu-central-1\.api.+\/envB\/healthcheck responded 502 .+expected 200/,
      ),
      expect.stringMatching(/^primary: GET .+events.+ 502/),
      expect.stringMatching(/^secondary: GET .+ 502/),
      expect.stringMatching(/^secondary: GET .+ 502/),
    ]);
    expect(await answers(200, '{"env":"envA"}')).toEqual([
      'primary: envA answered the health route of envB.',
      'primary: envA answered the health route of envB.',
      'secondary: envA answered the health route of envB.',
      'secondary: envA answered the health route of envB.',
    ]);
    const refused = await found({ probe: () => Promise.reject(new Error('connect ECONNREFUSED')) });
    expect(refused[0]).toMatch(/did not answer: connect ECONNREFUSED/);
  });

  it('asks an idle environment up to three times, as what nobody called for a while has to start first (B3)', async () => {
    const asked = new Map<string, number>();
    const cold = (attempts: number) =>
      found({
        probe: async (request) => {
          const url = request.host + request.path;
          asked.set(url, (asked.get(url) ?? 0) + 1);
          const isWell = request.path.includes('shallow') || (asked.get(url) ?? 0) > attempts;
          return { status: isWell ? 200 : 503, body: '{"env":"envB","failing":["table-a"]}' };
        },
      });
    expect(await cold(2)).toEqual([]);
    asked.clear();
    expect((await cold(3))[0]).toMatch(/responded 503 .+"failing":\["table-a"\].+ Asked 3 times\.$/);
  });

  it('finds changes that a switch would carry along, and plans that fail', async () => {
    const terraform = switchingTerraform({
      'entry-primary': { exists: true, changes: [['aws_api_gateway_domain_name', 'delete', 'create']] },
      'entry-secondary': { planFails: 'Error: Error acquiring the state lock' },
    });
    expect(await found({ terraform })).toEqual([
      expect.stringMatching(
        /^both: entry-primary has other changes.+\n {2}replace aws_api_gateway_domain_name\.r0 \(stage_name\)\n.+deploy dev --stack entry-primary$/s,
      ),
      expect.stringMatching(/^both: Error: Error acquiring the state lock\nSomebody else applies this stack/),
    ]);
    expect(terraform.applied).toEqual([]);
  });

  it('finds everything at once', async () => {
    const aws: FakedAws = {
      regions: { secondary: { target: 'envA', versions: { envA: '3' } } },
      ports: { primary: { invokers: async () => [] } },
      terraform: new FakedTerraform(),
    };
    const all = await found(aws);
    expect(all.filter((line) => line.includes('may not invoke')).length).toBeGreaterThan(3);
    expect(all.join('\n')).toMatch(/secondary: envB is not deployed.+has other changes/s);
  });
});

describe('the preflight of one region (B3)', () => {
  const inspect = async (change: (functions: Record<string, LiveFunction>) => void) => {
    const region = await readRegion(context, 'primary', fakedLive({ primary: RELEASED }).regions.primary);
    const environments = region.environments.map((environment) => {
      const functions = { ...environment.functions };
      if (environment.name === 'envB') change(functions);
      return { ...environment, functions };
    });
    const port = {
      deployments: async () => [{ id: 'd', environment: 'envB', created: created(1) }],
      invokers: async () => ['*'],
      hasRole: async () => true,
      routes: async () => undefined,
    };
    return preflightRegion({ region: { ...region, environments }, port, functionName: (name) => name }, 'envB');
  };

  it('finds a function without the alias, and an alias whose version is gone', async () => {
    const problems = await inspect((functions) => {
      delete functions.user;
      functions.test = { version: '9', codeSha256: '', modified: created(1), isPinned: false };
    });
    expect(problems).toEqual([
      'The alias envB of test leads to version 9, which is gone.',
      'The function user has no alias envB.',
    ]);
  });

  it.each([
    [{ rest: undefined }, 'There is no stage envB of the HTTP API http-id.'],
    [{ rest: { deploymentId: undefined, created: created(1) } }, 'serves no deployment'],
  ])('finds gateways that lack the stage or its deployment', async (stages, expected) => {
    const region = await readRegion(context, 'primary', fakedLive({ primary: RELEASED }).regions.primary);
    const environments = region.environments.map((each) => ({ ...each, stages }));
    const port = {
      deployments: async () => [],
      invokers: async () => ['*'],
      hasRole: async () => true,
      routes: async () => undefined,
    };
    const problems = await preflightRegion(
      { region: { ...region, environments }, port, functionName: (name) => name },
      'envB',
    );
    expect(problems.join('\n')).toContain(expected);
  });

  it('finds an API that is not there', async () => {
    const region = await readRegion(context, 'primary', fakedLive({ primary: RELEASED }).regions.primary);
    const port = {
      deployments: async () => [],
      invokers: async () => ['*'],
      hasRole: async () => true,
      routes: async () => undefined,
    };
    const problems = await preflightRegion(
      { region: { ...region, apiIds: {} }, port, functionName: (name) => name },
      'envB',
    );
    expect(problems).toEqual(['The REST API is not deployed.', 'The HTTP API is not deployed.']);
  });
});
