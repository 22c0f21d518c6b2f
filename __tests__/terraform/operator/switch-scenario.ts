import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { regionalName } from '#contract/regional-name.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { readRegion } from '#operator/live/read-region.ts';
import { thisCommand } from '#operator/lock/hold-lock.ts';
import type { SwitchHooks } from '#operator/switch/prepare-switch.ts';
import type { SwitchPlace, SwitchRequest } from '#operator/switch/switch-ports.ts';
import { switchStage } from '#operator/switch/switch-stage.ts';
import { tableName } from '#stacks/naming.ts';
import { clientSettings } from '#tests/terraform/support/account.ts';
import { ofCommands, refusedBy } from '#tests/terraform/support/recording/rights.ts';
import { API_MAPPING_UPDATES } from '#tests/terraform/support/transformations.ts';
import type { StageOnMoto } from './stage-on-moto.ts';
import { SWITCH_GAPS, switchPlaceOnMoto } from './switch-place-on-moto.ts';

/** A switch starts Terraform up to a dozen times. */
const LONG = 1_200_000;

/** Each in one region of the partition, or global: gone with us-east-1. */
const CONTROL_PLANES = ['route53', 'iam', 'acm', 'cloudfront'];

/** Switches of a stage that is deployed with the target envA; ends with that target. */
export function switchScenario(stage: () => StageOnMoto): void {
  describe.sequential('switches, by the real provider', () => {
    let place: SwitchPlace;
    /** Calls to the account before the first of these. */
    let before = 0;
    beforeAll(async () => {
      console.log([API_MAPPING_UPDATES, ...SWITCH_GAPS].map((gap) => `moto: ${gap}`).join('\n'));
      place = switchPlaceOnMoto(stage(), await stage().synthesize());
      before = stage().moto.calls.length;
    }, LONG);

    const change = (request: SwitchRequest, where = place, more: Partial<SwitchHooks> = {}) => {
      // Each command opens the stage anew.
      const opened = { ...where };
      return switchStage(opened, request, {
        owner: thisCommand(),
        confirm: async () => undefined,
        onStep: ({ action, subject, environment }, outcome) =>
          console.log(`${action} ${subject} ${environment} ${outcome}`),
        ...more,
      });
    };
    /** Does something while there is an item in the table `user` that no release could read. */
    const withUnreadable = async <T>(work: () => Promise<T>): Promise<T> => {
      const { context, moto } = stage();
      const dynamodb = new DynamoDBClient(clientSettings(moto, context.settings.primaryRegion));
      const TableName = tableName(context, 'user');
      await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: 'a1B2c3D4' }, name: { N: '5' } } }));
      try {
        return await work();
      } finally {
        await dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: { S: 'a1B2c3D4' } } }));
      }
    };
    /** Environments that the public names and the regions' own lead to, all of them. */
    const everywhere = async () => {
      const { context, live } = stage();
      const regions = await Promise.all([
        readRegion(context, 'primary', live.regions.primary),
        readRegion(context, 'secondary', live.regions.secondary),
      ]);
      const own = regions.flatMap(({ target: { region, regionType, names } }) => {
        const { port } = live.regions[regionType];
        return [
          port.mappedStage('rest', regionalName(region, names.rest ?? '')),
          port.mappedStage('http', regionalName(region, names.http ?? '')),
        ];
      });
      return [...regions.flatMap(({ target: { rest, http } }) => [rest, http]), ...(await Promise.all(own))];
    };
    const eight = (environment: string) => Array.from({ length: 8 }, () => environment);

    it('puts back what was moved when a region, and every control plane with it, is gone half-way (B3, B25)', {
      timeout: LONG,
    }, async () => {
      let back = (): unknown => 'they were never gone';
      const ports = {
        ...place.ports,
        verifyRegion: async (...args: Parameters<typeof place.ports.verifyRegion>) => {
          if (args[0] === 'primary' && args[1] === 'envB') {
            back = stage().moto.lose(CONTROL_PLANES);
            throw new Error('The primary region answers 502.');
          }
          return place.ports.verifyRegion(...args);
        },
      };
      const report = await change({ kind: 'switch', environment: 'envB' }, { ...place, ports });
      expect(back()).toEqual([]);
      expect(report).toMatchObject({ outcome: 'reverted', problem: expect.stringContaining('answers 502') });
      expect(await everywhere()).toEqual(eight('envA'));
    });

    it('refuses while a switch is unfinished, and --resume takes a killed one to its end (B3, S0.12)', {
      timeout: LONG,
    }, async () => {
      const killed = new Promise<never>(() => undefined);
      const reached = new Promise<void>((resolve) => {
        const ports = {
          ...place.ports,
          // What a kill between two steps comes to: nothing that was begun ever ends.
          verifyRegion: (...[regionType]: Parameters<typeof place.ports.verifyRegion>) => {
            if (regionType === 'secondary') resolve();
            return killed;
          },
        };
        void change({ kind: 'switch', environment: 'envB' }, { ...place, ports });
      });
      await reached;
      for (const lock of place.locks) await lock.replace(await lock.read(), undefined);

      const refused = await change({ kind: 'switch' }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(RefusedError);
      expect(String(refused)).toContain('--resume');
      const back = stage().moto.lose(CONTROL_PLANES);
      const resumed = await change({ kind: 'resume' }).finally(() => expect(back()).toEqual([]));
      expect(resumed).toMatchObject({ outcome: 'done', from: 'envA', to: 'envB' });
      expect(await everywhere()).toEqual(eight('envB'));
    });

    it('rolls back to the environment before, by the journal in the state bucket, without any control plane, and says what it could not read (S0.14, B25, B28)', {
      timeout: LONG,
    }, async () => {
      const back = stage().moto.lose(CONTROL_PLANES);
      const said: string[] = [];
      const onRemark = (text: string) => void said.push(text);
      const rollback = withUnreadable(() => change({ kind: 'rollback' }, place, { onRemark }));
      const report = await rollback.finally(() => expect(back()).toEqual([]));
      expect(report).toMatchObject({ outcome: 'done', from: 'envB', to: 'envA' });
      expect(said.join('\n')).toMatch(
        /envA can't read .+ 1 of 1 sampled items of the table user, such as id "a1B2c3D4"/s,
      );
      expect(await everywhere()).toEqual(eight('envA'));
      const { switches } = await place.journal.read();
      expect(switches.slice(-3).map(({ outcome }) => outcome)).toEqual(['reverted', 'done', 'done']);
      expect(await Promise.all(place.locks.map((lock) => lock.read()))).toEqual([undefined, undefined]);
    });

    it('rolls back in the primary region while the secondary is gone, of which nothing is asked, and owes it that (B16)', {
      timeout: LONG,
    }, async () => {
      const { context, moto } = stage();
      const back = moto.lose([context.settings.secondaryRegion]);
      const alone = switchPlaceOnMoto(stage(), await stage().synthesize(), 'secondary');
      const twice = async () => [
        await change({ kind: 'switch', environment: 'envB' }, alone),
        await change({ kind: 'rollback' }, alone),
      ];
      const reports = await twice().finally(() => expect(back()).toEqual([]));
      expect(reports).toMatchObject([
        { outcome: 'done', to: 'envB', without: 'secondary', catchUp: [expect.stringContaining('lead to envB')] },
        { outcome: 'done', to: 'envA', without: 'secondary', catchUp: [expect.stringContaining('lead to envA')] },
      ]);
      expect(await everywhere()).toEqual(eight('envA'));
      expect(await alone.catchUp.read('secondary')).toMatchObject([{ kind: 'target', environment: 'envA' }]);
    });

    // A minute and a half that CI has not.
    describe
      .runIf(process.env.TERRAFORM_SCENARIOS === 'all')
      .sequential('region after region, with the least rights (B28, B29)', () => {
        it('refuses an environment that could not read what is stored', { timeout: LONG }, async () => {
          const refused = await withUnreadable(() => change({ kind: 'switch' }).catch(String));
          expect(refused).toMatch(
            /envB can't read all.+sampled items of the table user.+switch dev envB --allow-unreadable/s,
          );
          expect(await everywhere()).toEqual(eight('envA'));
        });

        it('moves one region, watches it, and then the other', { timeout: LONG }, async () => {
          const watched: (readonly (string | undefined)[])[] = [];
          let looking = Promise.resolve();
          const onWatch = () => {
            looking = looking.then(async () => void watched.push(await everywhere()));
          };
          // A minute takes a second here.
          const report = await change({ kind: 'switch', environment: 'envB', staggerSeconds: 60 }, place, { onWatch });
          await looking;
          expect(report).toMatchObject({ outcome: 'done', to: 'envB' });
          // The public names in the primary region and in the secondary one, then the regions' own.
          expect(watched[0]).toEqual(['envA', 'envA', 'envB', 'envB', 'envA', 'envA', 'envB', 'envB']);
          expect(await everywhere()).toEqual(eight('envB'));
          expect(await change({ kind: 'rollback' })).toMatchObject({ outcome: 'done', to: 'envA' });
          expect(await everywhere()).toEqual(eight('envA'));
        });

        it('asks for nothing that the policy of who only switches does not allow (B29)', () => {
          const { context, moto } = stage();
          const calls = moto.calls.slice(before);
          const actions = ofCommands(calls).map(({ action }) => action);
          expect(actions).toEqual(expect.arrayContaining(['apigateway:PATCH', 'dynamodb:Scan']));
          expect(refusedBy(context, 'switches', calls)).toEqual([]);
        });
      });
  });
}
