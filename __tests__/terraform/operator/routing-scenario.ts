import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRouting } from '#operator/live/public-records.ts';
import { clientSettings } from '#tests/terraform/support/account.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

const LONG = 1_800_000;
const LEADING = ['base', 'routing', 'observability'];

/** Traffic of a deployed stage is led by another region, and by other policies; ends as it began. */
export function routingScenario(stage: () => StageOnMoto): void {
  describe.sequential('the active region and the routing policy of a stage (S4.2, S4.6)', { timeout: LONG }, () => {
    const file = () => join(stage().directory, 'settings.conf');
    let settings = '';
    beforeAll(async () => {
      settings = await readFile(file(), 'utf8');
    });
    afterAll(() => writeFile(file(), settings));
    const route53 = () => new Route53Client(clientSettings(stage().moto, stage().context.settings.secondaryRegion));
    const values = () => stage().live.regions.primary.parameters.readAll();
    const zoneId = async () => (await values()).get('hosted_zone_id') ?? '';
    const names = async () =>
      ['domain_name', 'events_domain_name'].map((name) => values().then((all) => all.get(name) ?? ''));
    const routing = async () =>
      readRouting(stage().context, route53(), await zoneId(), await Promise.all(await names()));
    const publicRecords = async (): Promise<readonly ResourceRecordSet[]> => {
      const { ResourceRecordSets = [] } = await route53().send(
        new ListResourceRecordSetsCommand({ HostedZoneId: await zoneId() }),
      );
      return ResourceRecordSets.filter(({ SetIdentifier }) => SetIdentifier !== undefined);
    };
    /** Writes settings into the stage's file. */
    const set = async (changes: Readonly<Record<string, string>>) => {
      let text = await readFile(file(), 'utf8');
      for (const [key, value] of Object.entries(changes)) {
        text = text.replace(new RegExp(`^${key}=.*\n`, 'm'), '');
        text += `${key}="${value}"\n`;
      }
      await writeFile(file(), text);
    };
    const deploy = () =>
      stage().run('deploy', stage().context.stage, '--only', ...LEADING, '--allow-live-change', '--yes');
    const applied = async () => {
      const { exitCode, stdout, stderr } = await deploy();
      expect(`${exitCode} ${stdout}${stderr}`).toMatch(/^0 /);
      const again = await stage().run('diff', stage().context.stage, ...LEADING);
      expect(`${again.exitCode} ${again.stdout}${again.stderr}`).toMatch(/^0 /);
    };
    const move = async (kind: 'route-away' | 'route-back', region: string) => {
      const { exitCode, stderr } = await stage().run(kind, stage().context.stage, region, '--yes', '--no-wait');
      expect(`${exitCode} ${stderr}`).toMatch(/^0 /);
    };

    it('another region becomes the active one only once traffic is there, and the second plan is empty', async () => {
      expect(await routing()).toMatchObject([{ active: 'primary' }, { active: 'primary' }]);
      await set({ ACTIVE_REGION: 'secondary' });
      const refused = await deploy();
      expect([refused.exitCode, refused.stderr]).toEqual([
        2,
        expect.stringContaining('route-away dev primary --drain'),
      ]);
      expect(await routing()).toMatchObject([{ active: 'primary' }, { active: 'primary' }]);
      await move('route-away', 'primary');
      await applied();
      await move('route-back', 'primary');
      expect(await routing()).toMatchObject([{ active: 'secondary' }, { active: 'secondary' }]);
      expect(await publicRecords()).toHaveLength(8);

      await set({ ACTIVE_REGION: 'primary' });
      await move('route-away', 'secondary');
      await applied();
      await move('route-back', 'secondary');
      expect(await routing()).toMatchObject([{ active: 'primary' }, { active: 'primary' }]);
    });

    it.each([
      ['weighted', () => ({ Weight: 50 })],
      ['latency', (record: ResourceRecordSet) => ({ Region: regionIn(record) })],
      ['failover', ({ SetIdentifier = '' }) => ({ Failover: SetIdentifier.toUpperCase() })],
    ] as const)(
      'the records become %s ones in one batch, which is refused to a deploy, and then nothing is left to do',
      async (policy, of) => {
        await set({ ROUTING_POLICY: policy, FAILBACK: 'automatic' });
        const refused = await deploy();
        expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('"Another routing policy"')]);
        const before = await publicRecords();
        const after = before.map(({ Failover: _, Weight: __, Region: ___, ...record }) => ({
          ...record,
          ...of(record),
        }));
        const Changes = [
          ...before.map((record) => ({ Action: 'DELETE' as const, ResourceRecordSet: record })),
          ...after.map((record) => ({ Action: 'CREATE' as const, ResourceRecordSet: record as ResourceRecordSet })),
        ];
        await route53().send(
          new ChangeResourceRecordSetsCommand({ HostedZoneId: await zoneId(), ChangeBatch: { Changes } }),
        );
        await applied();
        expect(await routing()).toMatchObject([{ policy }, { policy }]);
        expect(await publicRecords()).toHaveLength(8);
      },
    );
  });
}

function regionIn({ AliasTarget }: ResourceRecordSet): string | undefined {
  return /execute-api\.([^.]+)/.exec(AliasTarget?.DNSName ?? '')?.[1];
}
