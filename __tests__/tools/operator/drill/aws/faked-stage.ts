import { operations } from '#contract/index.ts';
import type { DrillRecords, OpenDrill } from '#operator/drill/aws/drill-records.ts';
import type { AwsDrillPlace, RaisedAlarm, StageLook } from '#operator/drill/aws/drill-stage.ts';
import type { AwsFault } from '#operator/drill/aws/faults.ts';
import { trafficOf } from '#operator/drill/load/journeys.ts';
import type { Outcome, Sender } from '#operator/drill/load/sender.ts';
import type { AwsScenarioName } from '#operator/drill/scenarios.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const { journeys } = trafficOf(
  operations.filter(({ id }) => id === 'get-user' || id === 'post-user'),
  'run',
);

/** A stage on AWS that is none: it keeps users, and can be broken and mended. */
export class FakedStage {
  readonly users = new Map<string, unknown>();
  /** What was done, in its order. */
  readonly done: string[] = [];
  look: StageLook = { problems: [], unknown: [], unhealthy: [], alarms: [] };
  open: OpenDrill | undefined;
  /** How often taking back fails before it does not. */
  failingRestores = 0;
  isBroken = false;
  /** What becomes of a request while it is broken. */
  sendWhileBroken: () => Promise<Outcome> = async () => ({ status: 500, body: {} });
  isAway = false;
  alarm: RaisedAlarm | undefined;

  place(): AwsDrillPlace {
    const records: DrillRecords = {
      read: async () => this.open,
      write: async (open) => {
        this.done.push(open ? `written down: ${open.scenario}` : 'written down: over');
        this.open = open;
      },
    };
    return {
      context,
      traffic: { journeys, calls: [] },
      slowMilliseconds: 10_000,
      // A minute takes 600 ms.
      timeScale: 100,
      senderFor: () => this.#sender(),
      regionSender: () => this.#sender(),
      look: async () => ({
        ...this.look,
        alarms:
          this.isBroken && this.alarm ? [...this.look.alarms, { ...this.alarm, since: Date.now() }] : this.look.alarms,
      }),
      responding: async () => (this.isAway ? 'secondary' : 'primary'),
      records,
      underLock: async (work) => {
        this.done.push('locked');
        return work().finally(() => this.done.push('unlocked'));
      },
      faultOf: async (name) => this.#fault(name),
    };
  }

  #fault(name: AwsScenarioName): AwsFault {
    const moves = name === 'route-away';
    return {
      scenario: {
        name,
        title: 'A test',
        done: 'It is broken.',
        fault: moves
          ? { kind: 'route-away' }
          : { kind: 'fail', failure: { part: 'table:user', mode: { kind: 'refuse' } } },
        traffic: moves ? 'moves' : 'stays',
        alarms: moves ? 'any' : 'told',
      },
      ...(!moves && { role: 'a-role' }),
      inflict: async () => {
        this.done.push('broken');
        this.isBroken = !moves;
        this.isAway = moves;
      },
      restore: async () => {
        if (this.failingRestores > 0) {
          this.failingRestores -= 1;
          throw new Error('IAM does not answer');
        }
        this.done.push('taken back');
        this.isBroken = false;
        this.isAway = false;
      },
    };
  }

  #sender(): Sender {
    return async ({ method }, { path = {}, body }) => {
      const id = String(path.id);
      if (this.isBroken) return this.sendWhileBroken();
      if (method === 'GET') {
        const user = this.users.get(id);
        return user === undefined ? { status: 404, body: {} } : { status: 200, body: user };
      }
      const user = { id, ...Object(body) };
      this.users.set(id, user);
      return { status: 200, body: user };
    };
  }
}
