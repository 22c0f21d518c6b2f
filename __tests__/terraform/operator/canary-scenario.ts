import { GetAliasCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { thisCommand } from '#operator/lock/hold-lock.ts';
import type { SwitchHooks } from '#operator/switch/prepare-switch.ts';
import type { SwitchPlace, SwitchRequest } from '#operator/switch/switch-ports.ts';
import { switchStage } from '#operator/switch/switch-stage.ts';
import { stackVariables, versionsOf } from '#operator/terraform/stack-variables.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import { functionName } from '#stacks/naming.ts';
import { clientSettings } from '#tests/terraform/support/account.ts';
import { ofCommands, refusedBy } from '#tests/terraform/support/recording/rights.ts';
import { environmentsOf } from './live-stage.ts';
import type { StageOnMoto } from './stage-on-moto.ts';
import { switchPlaceOnMoto } from './switch-place-on-moto.ts';

const LONG = 1_200_000;

/** A minute takes a second here. */
const CANARY: SwitchRequest = { kind: 'switch', environment: 'envB', canary: { percent: 10, bakeSeconds: 60 } };

/**
 * Canaries of a stage that is deployed with the target envA, whose envB runs version 2 of the function `test`; ends with the target envA. moto counts
 * no invocations: what both versions did is nothing, unless a test says otherwise.
 */
export function canaryScenario(stage: () => StageOnMoto): void {
  describe.sequential('canaries, by the real provider', () => {
    let place: SwitchPlace;
    let stacks: readonly SynthesizedStack[];
    beforeAll(async () => {
      stacks = await stage().synthesize();
      place = switchPlaceOnMoto(stage(), stacks);
    }, LONG);

    const change = (request: SwitchRequest, where = place, more: Partial<SwitchHooks> = {}) =>
      switchStage({ ...where }, request, { owner: thisCommand(), confirm: async () => undefined, ...more });
    /** The alias envA of `test` in both regions. */
    const weights = () => {
      const { context, moto } = stage();
      const { primaryRegion, secondaryRegion } = context.settings;
      const asked = [primaryRegion, secondaryRegion].map(async (region) => {
        const lambda = new LambdaClient(clientSettings(moto, region));
        const command = new GetAliasCommand({ FunctionName: functionName(context, 'test'), Name: 'envA' });
        const { FunctionVersion, RoutingConfig } = await lambda.send(command);
        return [FunctionVersion, RoutingConfig?.AdditionalVersionWeights ?? {}];
      });
      return Promise.all(asked);
    };
    /** What Terraform would change of envA, with the versions that it runs. */
    const planned = async () => {
      const [primary, secondary] = (await environmentsOf(stage(), 'envA')).map(versionsOf);
      const kept = {
        primary: { versions: primary ?? {}, pinned: {} },
        secondary: { versions: secondary ?? {}, pinned: {} },
      };
      const plans = stacks
        .filter(({ kind }) => kind === 'envA')
        .map((stack) => stage().terraform.plan(stack, stackVariables(stack, 'envA', { envA: kept })));
      return (await Promise.all(plans)).map(({ isEmpty, changes }) => (isEmpty ? 'nothing' : changes));
    };

    it('gives the weights to both regions, takes them back where too little ran to tell, and no plan knows of it (B8)', {
      timeout: LONG,
    }, async () => {
      expect(await weights()).toEqual([
        ['1', {}],
        ['1', {}],
      ]);
      const seen: unknown[] = [];
      let looking: Promise<unknown> = Promise.resolve();
      const onWatch = () => {
        looking = looking.then(async () => void seen.push(await weights()));
      };
      const report = await change(CANARY, place, { onWatch });
      await looking;
      expect(report).toMatchObject({
        outcome: 'reverted',
        problem: expect.stringMatching(/^Only 0 requests of clients ran new versions, 50 are needed to tell\./),
      });
      expect(seen[0]).toEqual([
        ['1', { 2: 0.1 }],
        ['1', { 2: 0.1 }],
      ]);
      expect(await weights()).toEqual([
        ['1', {}],
        ['1', {}],
      ]);
      expect(await planned()).toEqual(['nothing', 'nothing']);
    });

    it('outlives a kill: weights that are left are in no plan, and --revert takes them back (B8)', {
      timeout: LONG,
    }, async () => {
      await new Promise<void>((resolve) => {
        const killed = () => {
          resolve();
          return new Promise<never>(() => undefined);
        };
        void change(CANARY, { ...place, ports: { ...place.ports, health: killed } });
      });
      expect(await weights()).toEqual([
        ['1', { 2: 0.1 }],
        ['1', { 2: 0.1 }],
      ]);
      expect(await planned()).toEqual(['nothing', 'nothing']);
      const { stdout, exitCode } = await stage().run('deploy', stage().context.stage, '--json');
      expect([exitCode, JSON.parse(stdout).error.message]).toEqual([
        2,
        expect.stringMatching(/is in a canary until .+--revert/s),
      ]);
      expect(await change({ kind: 'revert' })).toMatchObject({ outcome: 'reverted' });
      expect(await weights()).toEqual([
        ['1', {}],
        ['1', {}],
      ]);
    });

    it('goes on with the usual switch, by the rights of who switches with canaries (B8, B11)', {
      timeout: LONG,
    }, async () => {
      const { context, moto } = stage();
      const before = moto.calls.length;
      const { ports } = place;
      const well: typeof ports.canary.compare = async (...asked) => ({
        ...(await ports.canary.compare(...asked)),
        verdict: 'well',
      });
      const compared = { ...place, ports: { ...ports, canary: { ...ports.canary, compare: well } } };
      expect(await change(CANARY, compared)).toMatchObject({ outcome: 'done', from: 'envA', to: 'envB' });
      expect(await weights()).toEqual([
        ['1', {}],
        ['1', {}],
      ]);
      expect(await change({ kind: 'rollback' })).toMatchObject({ outcome: 'done', to: 'envA' });
      const calls = moto.calls.slice(before);
      const actions = ofCommands(calls).map(({ action }) => action);
      expect(actions).toEqual(expect.arrayContaining(['lambda:UpdateAlias', 'cloudwatch:GetMetricData']));
      expect(refusedBy(context, 'canaries', calls)).toEqual([]);
    });
  });
}
