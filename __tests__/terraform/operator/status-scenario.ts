import { APIGatewayClient, UpdateBasePathMappingCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import type { StageStatus } from '#operator/status/stage-status.ts';
import { CTRL_C } from '#tests/support/terminal-session.ts';
import { clientSettings } from '#tests/terraform/support/account.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

const RED = '\u001b[31m';

/** The status of a stage that is deployed with the target envA, by the real command line. Nothing is changed for long. */
export function statusScenario(stage: () => StageOnMoto): void {
  describe.sequential('the status of a deployed stage (S0.15)', () => {
    const mapSecondaryTo = async (value: string) => {
      const { context, live, moto } = stage();
      const domainName = (await live.regions.secondary.parameters.readAll()).get('domain_name');
      const patchOperations = [{ op: 'replace' as const, path: '/stage', value }];
      const gateway = new APIGatewayClient(clientSettings(moto, context.settings.secondaryRegion));
      await gateway.send(new UpdateBasePathMappingCommand({ domainName, basePath: '(none)', patchOperations }));
    };

    it('tells names, target, idle, newest, and per region API ids, health, versions, content and time', async () => {
      const { context, run } = stage();
      const { exitCode, stdout } = await run('status', context.stage, '--json');
      expect(exitCode).toBe(0);
      const status: StageStatus = JSON.parse(stdout);
      expect(status).toMatchObject({
        stage: context.stage,
        names: { rest: 'api.example.com', http: 'events.example.com' },
        target: 'envA',
        idle: ['envB'],
        newest: 'envB',
        disagreements: [],
      });
      for (const region of status.regions) {
        expect(region.apiIds).toEqual({ rest: expect.any(String), http: expect.any(String) });
        expect(region.health).toEqual({
          rest: {
            status: 'healthy',
            fqdn: `${region.region}.api.example.com`,
            resourcePath: '/healthcheck?shallow=true',
          },
          http: {
            status: 'healthy',
            fqdn: `${region.region}.events.example.com`,
            resourcePath: '/events/healthcheck?shallow=true',
          },
        });
        expect(region.environments.map(({ name }) => name)).toEqual(['envA', 'envB', 'preview']);
        const [envA, envB] = region.environments;
        expect(envA?.versions).toMatchObject({ test: '1' });
        expect(envB?.versions).toMatchObject({ test: '2' });
        expect(envB?.hash).not.toBe(envA?.hash);
        expect(Date.parse(envB?.time ?? '')).toBeGreaterThan(Date.parse(envA?.time ?? ''));
      }
    });

    it('is asked whether it could do without a region, which is kept: nobody beats here (B26)', async () => {
      const { context, run } = stage();
      const { exitCode, stdout } = await run('readiness', context.stage, '--json');
      const { checks } = JSON.parse(stdout);
      const outcomes = Object.fromEntries(
        checks.map(({ name, outcome }: { name: string; outcome: string }) => [name, outcome]),
      );
      expect(outcomes).toMatchObject({
        'both regions': 'ok',
        parity: 'ok',
        heartbeat: 'fail',
        // moto copies no objects.
        'state copies': 'fail',
        account: 'warn',
      });
      expect(exitCode).toBe(2);
      const past = JSON.parse((await run('readiness', context.stage, '--history', '--json')).stdout);
      expect(past.runs).toMatchObject([
        { findings: expect.arrayContaining([expect.objectContaining({ name: 'heartbeat' })]) },
      ]);
    });

    it('is watched at a terminal, disagreements in red as they come, until Ctrl-C', async () => {
      const { context, atTerminal } = stage();
      const session = atTerminal('status', context.stage, '--watch', '1');
      await session.shows(/target +envA/);
      await mapSecondaryTo('envB');
      try {
        await session.shows(/target +the regions disagree/);
        await session.shows(/The public names do not lead to one environment \(.+secondary: REST envB, HTTP envA\)/);
        expect(session.raw).toContain(`${RED}The public names do not lead to one environment`);
      } finally {
        await mapSecondaryTo('envA');
      }
      await session.shows(/target +envA/);
      session.type(CTRL_C);
      expect(await session.ends()).toBe(0);
    });
  });
}
