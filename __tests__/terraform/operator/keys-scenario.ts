import { APIGatewayClient, DeleteApiKeyCommand, GetApiKeysCommand } from '@aws-sdk/client-api-gateway';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '#operator/keys/key-parameter.ts';
import { prefix } from '#stacks/naming.ts';
import { clientSettings } from '#tests/terraform/support/account.ts';
import { bothRegions } from './live-stage.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

const LONG = 900_000;

/** API keys of a stage that is deployed with the target envA, by the real command line; afterwards it has another one. */
export function keysScenario(stage: () => StageOnMoto): void {
  describe.sequential('API keys', () => {
    const keys = async (...args: string[]) => {
      const { context, run } = stage();
      const [command = '', ...flags] = args;
      const { exitCode, stdout } = await run('keys', command, context.stage, '--json', ...flags);
      return { exitCode, stdout, ...JSON.parse(stdout) };
    };
    /** Fingerprints of what each region admits. */
    const admitted = async (): Promise<readonly (readonly string[])[]> => {
      const { keys: places } = await keys('list', '--env', 'envA');
      return places[0].regions.map((region: { readonly admitted: readonly { readonly fingerprint: string }[] }) =>
        region.admitted.map((key) => key.fingerprint).sort(),
      );
    };
    const parameterValues = async () => {
      const { primary, secondary } = stage().live.regions;
      return Promise.all(
        [primary, secondary].map(async ({ parameters }) => (await parameters.readAll()).get('api_key')),
      );
    };

    it('are refused without a confirmation, and nothing is changed', { timeout: LONG }, async () => {
      const before = await parameterValues();
      const { exitCode, error } = await keys('rotate');
      expect(exitCode).toBe(2);
      expect(error.message).toMatch(/new key is admitted beside .+ Not a terminal: pass --yes to confirm\.$/);
      expect(await parameterValues()).toEqual(before);
    });

    it('are rotated: the old one stays admitted beside the new one, in both regions (S4.3)', {
      timeout: LONG,
    }, async () => {
      const [old = ''] = await parameterValues();
      const { exitCode, outcome, current, previous, stdout } = await keys('rotate', '--yes');
      expect({ exitCode, outcome, previous }).toEqual({ exitCode: 0, outcome: 'rotated', previous: fingerprint(old) });
      const both = [current, previous].sort();
      expect(await admitted()).toEqual([both, both]);
      const [primary = '', secondary] = await parameterValues();
      expect(primary).toBe(secondary);
      expect(primary.split(',')[1]).toBe(old);
      for (const value of primary.split(',')) expect(stdout).not.toContain(value);
      for (const { target } of await bothRegions(stage())) expect(target).toMatchObject({ rest: 'envA', http: 'envA' });
    });

    it('are given back to a region that lost one (S4.3)', { timeout: LONG }, async () => {
      const { context, moto } = stage();
      const before = await admitted();
      const gateway = new APIGatewayClient(clientSettings(moto, context.settings.secondaryRegion));
      const { items = [] } = await gateway.send(
        new GetApiKeysCommand({ nameQuery: `${prefix(context)}-${before[0]?.[0]}` }),
      );
      await gateway.send(new DeleteApiKeyCommand({ apiKey: items[0]?.id }));
      const { outcome, stacks } = await keys('sync', '--yes');
      expect(outcome).toBe('synchronized');
      expect(stacks).toMatchObject([{ stack: 'entry-secondary', outcome: 'applied' }]);
      expect(await admitted()).toEqual(before);
      expect(await keys('sync', '--yes')).toMatchObject({ outcome: 'unchanged', stacks: [] });
    });

    it('end with the new one alone when the rotation is finished (S4.3)', { timeout: LONG }, async () => {
      const { outcome, current } = await keys('rotate', '--finish', '--yes');
      expect(outcome).toBe('finished');
      expect(await admitted()).toEqual([[current], [current]]);
      expect((await parameterValues()).map((value = '') => fingerprint(value))).toEqual([current, current]);
    });
  });
}
