import { GetRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { deployStage } from '#operator/deploy/deploy-stage.ts';
import { functionName, parameterPath } from '#stacks/naming.ts';
import { clientSettings } from '#tests/terraform/support/account.ts';
import { RENAMED_PARAMETER, synthesizeRenamedParameter } from './another-release.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

/** A parameter is renamed by a release to envB, while envA, the target, reads it by its old name. In one region. */
export function parameterScenario(stage: () => StageOnMoto): void {
  describe('a parameter that is renamed (B12)', () => {
    /** What a version reads, and may read. */
    const readBy = async (environment: string) => {
      const { context, live, moto } = stage();
      const settings = clientSettings(moto, context.settings.primaryRegion);
      const records = await live.regions.primary.records();
      const record = records.find((each) => each.environment === environment)?.functions['string-replace'];
      const [variables, policy] = await Promise.all([
        new LambdaClient(settings).send(
          new GetFunctionConfigurationCommand({
            FunctionName: functionName(context, 'string-replace'),
            Qualifier: record?.version,
          }),
        ),
        new IAMClient(settings).send(new GetRolePolicyCommand({ RoleName: record?.role.name, PolicyName: 'function' })),
      ]);
      const [, mayRead = ''] = /parameter(\/[^"]+)/.exec(decodeURIComponent(policy.PolicyDocument ?? '')) ?? [];
      const reads = variables.Environment?.Variables?.REPLACEMENT_MAP_PARAMETER;
      return { version: record?.version, role: record?.role.name, reads, mayRead };
    };

    it('is read by its old name by what is live, with its old role, and by the new one by the release', {
      timeout: 1_800_000,
    }, async () => {
      const { context, directory, live } = stage();
      const before = await readBy('envA');
      const old = parameterPath(context, 'replacement_map');
      expect(before).toMatchObject({ reads: old, mayRead: old });
      const never = () => Promise.reject(new Error('Nothing of this is live.'));
      await deployStage(
        context,
        {
          ...stage(),
          synthesize: (records) => synthesizeRenamedParameter(context, `${directory}/cdktf.out`, records),
          confirmFirst: never,
          confirmLive: never,
          confirmLiveChange: never,
          onResult: ({ stack, outcome, seconds }) => console.log(`${stack} ${outcome} ${seconds.toFixed(0)} s`),
        },
        { again: '', only: ['api-primary', 'envB-primary'] },
      );
      expect(await readBy('envA')).toEqual(before);
      const renamed = parameterPath(context, RENAMED_PARAMETER);
      const after = await readBy('envB');
      expect(after).toMatchObject({ reads: renamed, mayRead: renamed });
      expect(after.role).not.toBe(before.role);
      // No deploy takes a value away: whoever rolls back finds it.
      expect((await live.regions.primary.parameters.readAll()).has('replacement_map')).toBe(true);
    });
  });
}
