import { APIGatewayClient, GetUsagePlansCommand, UpdateUsagePlanCommand } from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import { functionName, prefix } from '#stacks/naming.ts';
import { clientSettings } from '#tests/terraform/support/account.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

/** What differs between the regions of a stage that is deployed, by the real command line. Nothing is changed for long. */
export function parityScenario(stage: () => StageOnMoto): void {
  describe.sequential('parity of the regions', () => {
    const parity = async () => {
      const { context, run } = stage();
      const { exitCode, stdout } = await run('parity', context.stage, '--json');
      return { exitCode, ...JSON.parse(stdout) };
    };
    /** Changes retention and throttle in the secondary region. */
    const plant = async (retentionInDays: number, rateLimit: number) => {
      const { context, moto } = stage();
      const settings = clientSettings(moto, context.settings.secondaryRegion);
      const logGroupName = `/aws/lambda/${functionName(context, 'user')}`;
      await new CloudWatchLogsClient(settings).send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
      const gateway = new APIGatewayClient(settings);
      const { items = [] } = await gateway.send(new GetUsagePlansCommand({}));
      const usagePlanId = items.find(({ name }) => name === prefix(context))?.id;
      const patchOperations = [{ op: 'replace' as const, path: '/throttle/rateLimit', value: String(rateLimit) }];
      await gateway.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));
    };

    it('is there after a deploy; what differs may, each for a reason (B7)', async () => {
      const { exitCode, same, differences, allowed } = await parity();
      expect({ exitCode, differences }).toEqual({ exitCode: 0, differences: [] });
      expect(same).toBeGreaterThan(100);
      const kinds = allowed.map(({ kind }: { readonly kind: string }) => kind);
      expect(new Set(kinds)).toEqual(new Set(['alarm', 'environment variable', 'role']));
    });

    it('is lost where one region keeps its logs for another time and throttles otherwise: exit code 2 (B7)', async () => {
      const { context } = stage();
      const { logRetentionDays, usagePlan } = context.settings;
      await plant(1, 7);
      try {
        const { exitCode, differences } = await parity();
        expect(exitCode).toBe(2);
        expect(differences).toEqual([
          {
            kind: 'log retention',
            name: `/aws/lambda/${functionName(context, 'user')}`,
            primary: `${logRetentionDays} days`,
            secondary: '1 days',
          },
          {
            kind: 'throttle',
            name: prefix(context),
            primary: `${usagePlan.rateLimit}/s, ${usagePlan.burstLimit} at once`,
            secondary: `7/s, ${usagePlan.burstLimit} at once`,
          },
        ]);
      } finally {
        await plant(logRetentionDays, usagePlan.rateLimit);
      }
    });
  });
}
