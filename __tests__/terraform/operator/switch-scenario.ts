import { beforeAll, describe, expect, it } from 'vitest';
import { RefusedError } from '#operator/cli/errors.ts';
import { readHealthChecks } from '#operator/live/health-checks.ts';
import { readRegion } from '#operator/live/read-region.ts';
import { thisCommand } from '#operator/lock/hold-lock.ts';
import type { SwitchPlace, SwitchRequest } from '#operator/switch/switch-ports.ts';

import { switchStage } from '#operator/switch/switch-stage.ts';
import { API_MAPPING_UPDATES } from '#tests/terraform/support/transformations.ts';
import type { StageOnMoto } from './stage-on-moto.ts';
import { SWITCH_GAPS, switchPlaceOnMoto } from './switch-place-on-moto.ts';

/** A switch starts Terraform up to a dozen times. */
const LONG = 1_200_000;

/** Switches of a stage that is deployed with the target envA; ends with that target. */
export function switchScenario(stage: () => StageOnMoto): void {
  describe.sequential('switches, by the real provider', () => {
    let place: SwitchPlace;
    beforeAll(async () => {
      console.log([API_MAPPING_UPDATES, ...SWITCH_GAPS].map((gap) => `moto: ${gap}`).join('\n'));
      place = switchPlaceOnMoto(stage(), await stage().synthesize());
    }, LONG);

    const change = (request: SwitchRequest, where = place) => {
      // Each command opens the stage anew.
      const opened = { ...where };
      return switchStage(opened, request, {
        owner: thisCommand(),
        confirm: async () => undefined,
        onStep: ({ action, subject, environment }, outcome) =>
          console.log(`${action} ${subject} ${environment} ${outcome}`),
      });
    };
    /** Environments that mappings and health checks lead to, all of them. */
    const everywhere = async () => {
      const { context, live } = stage();
      const regions = await Promise.all([
        readRegion(context, 'primary', live.regions.primary),
        readRegion(context, 'secondary', live.regions.secondary),
      ]);
      const checks = await readHealthChecks(regions, live.health);
      return [
        ...regions.flatMap(({ target: { rest, http } }) => [rest, http]),
        ...checks.map(({ environment }) => environment),
      ];
    };
    const six = (environment: string) => Array.from({ length: 6 }, () => environment);

    it('puts back what was moved when a region does not answer half-way (B3)', { timeout: LONG }, async () => {
      const ports = {
        ...place.ports,
        verifyRegion: async (...args: Parameters<typeof place.ports.verifyRegion>) => {
          if (args[0] === 'primary' && args[1] === 'envB') throw new Error('The primary region answers 502.');
          return place.ports.verifyRegion(...args);
        },
      };
      const report = await change({ kind: 'switch', environment: 'envB' }, { ...place, ports });
      expect(report).toMatchObject({ outcome: 'reverted', problem: expect.stringContaining('answers 502') });
      expect(await everywhere()).toEqual(six('envA'));
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
      const lock = await place.lock.read();
      await place.lock.replace(lock, undefined);

      const refused = await change({ kind: 'switch' }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(RefusedError);
      expect(String(refused)).toContain('--resume');
      expect(await change({ kind: 'resume' })).toMatchObject({ outcome: 'done', from: 'envA', to: 'envB' });
      expect(await everywhere()).toEqual(six('envB'));
    });

    it('rolls back to the environment before, which the journal in the state bucket knows (S0.14)', {
      timeout: LONG,
    }, async () => {
      const report = await change({ kind: 'rollback' });
      expect(report).toMatchObject({ outcome: 'done', from: 'envB', to: 'envA' });
      expect(await everywhere()).toEqual(six('envA'));
      const { switches } = await place.journal.read();
      expect(switches.slice(-3).map(({ outcome }) => outcome)).toEqual(['reverted', 'done', 'done']);
      expect(await place.lock.read()).toBeUndefined();
    });
  });
}
