import { join } from 'node:path';
import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ControlClient, connectControl } from '#local/control/client.ts';
import { describeStatus } from '#operator/status/describe-status.ts';
import { readLocalStatus } from '#operator/status/read-status.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { patientFunctions, type RunningStage, startStage } from './support/running-stage.ts';

const AT = ['eu-central-1', 'eu-west-1', 'public'];
const JOURNEYS = ['user', 'event', 'replace-string'];
const PREFIX = 'two-region-api-dev-journeys';

let stage: RunningStage;
let control: ControlClient;
/** `primary user eu-central-1` → what it came to last. */
const taken = new Map<string, string>();
const metrics: string[] = [];
/** What the function of the secondary region says that watches the primary one. */
const watched: string[] = [];
beforeAll(async () => {
  stage = await startStage({
    timeScale: 20,
    settings: { JOURNEY_MINUTES: '1', ROUTE_AWAY: 'watch', PARAMETERS: '(\n  "journeys_api_key"' },
    terraform: patientFunctions,
  });
  control = await connectControl(stage.directory);
  stage.log.subscribe((event) => {
    if (event.kind !== 'function') return;
    if (event.logGroup.endsWith('-region-watch')) watched.push(event.line);
    if (event.line.includes('EventsStored')) metrics.push(event.line);
    if (!event.logGroup.endsWith('-journeys') || !event.line.includes('JourneyFailed')) return;
    const { Journey, At, problem = 'well' } = JSON.parse(event.line.slice(event.line.indexOf('{')));
    taken.set(`${event.region} ${Journey} ${At}`, problem);
  });
}, 600_000);
afterAll(() => stage?.close());

const context = () => ({ settings: loadSettings(join(stage.directory, 'settings.conf')), stage: 'dev' });

vi.setConfig({ testTimeout: 600_000 });
const until = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { timeout: 240_000, interval: 200 });
const everywhere = (region: string, at: string) => JOURNEYS.map((journey) => taken.get(`${region} ${journey} ${at}`));

describe('journeys of the contract on this machine (B26)', () => {
  it('are taken from each region at its own names, the others and the public ones, with key and signature', async () => {
    const all = ['primary', 'secondary'].flatMap((region) => AT.flatMap((at) => everywhere(region, at)));
    await until(() =>
      ['primary', 'secondary'].every((region) =>
        AT.every((at) => everywhere(region, at).every((each) => each === 'well')),
      ),
    ).catch(() => expect(Object.fromEntries(taken)).toEqual(all));
    expect(metrics).toEqual([]);
  });

  it('tell by the alarm of a name where they fail, and both regions find it', async () => {
    const regions = ['eu-central-1', 'eu-west-1'];
    const isIn = async (state: 'ALARM' | 'OK', name: string, where: readonly string[] = regions) => {
      const { alarms } = await control.alarms();
      const own = alarms.filter((each) => each.name === `${PREFIX}-${name}` && where.includes(each.region));
      return own.length === where.length && own.every((each) => each.state === state);
    };
    await until(() => isIn('OK', 'silence'));
    stage.controls.fail('primary', { part: 'table:two-region-api-dev-user', mode: { kind: 'errors', share: 1 } });
    await until(() => isIn('ALARM', 'eu-central-1-sick'));
    expect(taken.get('secondary user eu-central-1')).toMatch(
      /^POST \/user\/\{id\}: (?:responded 5|The operation was aborted)/,
    );
    await until(() => taken.get('secondary event eu-central-1') === 'well');
    await until(() => isIn('ALARM', 'public-sick', ['eu-central-1']));
    const status = await readLocalStatus(context(), control);
    expect(status.disagreements).toContainEqual(
      expect.stringMatching(
        /^Journeys that eu-west-1 takes at the own names of eu-central-1 fail: .+ two-region alarms dev --local$/,
      ),
    );
    expect(describeStatus(status, pc.createColors(false))).toContain(
      'journeys taken at eu-central-1, eu-west-1, public: fail at eu-central-1',
    );
    // Health checks see nothing of that table: it is journeys that both observers have it from (S4.6).
    await until(() => watched.some((line) => /"outcome":"would move".+"probe":"ill".+"alarms":"ill"/.test(line)));
    // What the secondary region serves by itself is well.
    await until(() => isIn('OK', 'eu-west-1-sick'));
    stage.controls.recover('primary');
    await until(() => isIn('OK', 'eu-central-1-sick'));
  });
});
