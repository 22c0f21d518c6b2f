import { beforeEach, describe, expect, it } from 'vitest';
import { type ContainerRegion, containerRegion } from '#operator/container/container-region.ts';
import {
  deployContainer,
  type ReleasePorts,
  rollbackContainer,
  switchContainer,
} from '#operator/container/release-container.ts';
import { describeContainer } from '#operator/container/run-container.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { AwsStandIn } from './aws-stand-in.ts';

const [OLD, NEW, LATER] = ['a', 'b', 'c'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string, string];

describe('deploy, switch and rollback of the container API (S3.13)', () => {
  let log: string[];
  let primary: AwsStandIn;
  let secondary: AwsStandIn;
  let asked: string[];
  let interruption: AbortController;
  beforeEach(() => {
    log = [];
    asked = [];
    interruption = new AbortController();
    primary = new AwsStandIn('eu-central-1', log, [OLD, NEW]);
    secondary = new AwsStandIn('eu-west-1', log, [OLD, NEW]);
  });

  const ports = (changes: Partial<ReleasePorts> = {}): ReleasePorts => ({
    regions: [containerRegion(context, 'secondary', secondary.ask), containerRegion(context, 'primary', primary.ask)],
    stage: 'dev',
    confirm: async (what) => {
      asked.push(what);
    },
    onPhase: () => undefined,
    signal: interruption.signal,
    sleep: async () => undefined,
    ...changes,
  });
  const serving = () => [primary, secondary].map((region) => region.digests[region.serving - 1]);

  it('starts tasks of the newest image in both regions, and moves no traffic', async () => {
    const report = await deployContainer(ports());
    expect(report).toMatchObject({ outcome: 'done', regions: [{ phase: 'ready', image: NEW }, { phase: 'ready' }] });
    expect(serving()).toEqual([OLD, OLD]);
    expect(describeContainer(report)).toContain('two-region switch dev --container');
  });

  it('goes on with what an earlier command began', async () => {
    await deployContainer(ports());
    expect(await deployContainer(ports())).toMatchObject({ outcome: 'done', regions: [{ phase: 'ready' }, {}] });
    expect(log.filter((line) => line.startsWith('create'))).toHaveLength(2);
  });

  it('has nothing to do where the newest image serves', async () => {
    for (const region of [primary, secondary]) region.serving = 2;
    const report = await deployContainer(ports());
    expect(report).toMatchObject({ outcome: 'unchanged', regions: [] });
    expect(log).toEqual([]);
  });

  it.each([
    [
      'an image that a region lacks',
      () => Object.assign(secondary, { images: [OLD] }),
      /eu-west-1 has no image sha256:b/,
    ],
    ['images that differ', () => secondary.digests.push(OLD), /would serve different images/],
    ['a region without the stack', () => secondary.digests.splice(0), /eu-west-1 has no container API/],
  ])('refuses %s before anything is begun', async (_, spoil, message) => {
    spoil();
    await expect(deployContainer(ports())).rejects.toThrow(message);
    expect(log).toEqual([]);
  });

  it('refuses another image while something else is under way, and says how that ends', async () => {
    await deployContainer(ports());
    const other = NEW.replace(/b$/, 'c');
    for (const region of [primary, secondary]) {
      region.digests.push(other);
      region.images = region.digests;
    }
    await expect(deployContainer(ports())).rejects.toThrow(
      /is ready, and deploys something else.* --container ends it/,
    );
    await switchContainer(ports());
    await expect(deployContainer(ports())).rejects.toThrow(/still run, .* they end after CONTAINER_KEEP_MINUTES/);
  });

  it('says why tasks do not start', async () => {
    secondary.course = 'tasks do not start';
    await expect(deployContainer(ports())).rejects.toThrow(/d-eu-west-1-1 in eu-west-1 failed: an alarm, or no task/);
    expect(serving()).toEqual([OLD, OLD]);
  });

  it('moves the traffic of the region that stands by, then of the other one', async () => {
    await deployContainer(ports());
    const report = await switchContainer(ports());
    expect(report).toMatchObject({ outcome: 'done', regions: [{ region: 'eu-west-1', phase: 'moved' }, {}] });
    expect(log.filter((line) => line.startsWith('continue'))).toEqual([
      'continue d-eu-west-1-1',
      'continue d-eu-central-1-1',
    ]);
    expect(serving()).toEqual([NEW, NEW]);
    expect(asked).toEqual([`Live traffic of the container API of dev moves to ${NEW}.`]);
  });

  it('gives the traffic of one region back where the other one fails', async () => {
    await deployContainer(ports());
    primary.course = 'fails while traffic moves';
    const report = await switchContainer(ports());
    expect(report).toMatchObject({ outcome: 'reverted', problem: expect.stringContaining('d-eu-central-1-1') });
    expect(serving()).toEqual([OLD, OLD]);
    // What CodeDeploy has rolled back by itself is not stopped again.
    expect([secondary.changes.at(-1), primary.changes.at(-1)]).toEqual(['stop', 'continue']);
  });

  it('gives it back at Ctrl-C, too', async () => {
    await deployContainer(ports());
    const regions = ports().regions.map((region, at) =>
      at === 0
        ? {
            ...region,
            goOn: async (id: string) => {
              await region.goOn(id);
              interruption.abort();
            },
          }
        : region,
    );
    expect(await switchContainer(ports({ regions }))).toMatchObject({
      outcome: 'reverted',
      problem: expect.stringContaining('Interrupted'),
    });
    expect(serving()).toEqual([OLD, OLD]);
    expect(primary.changes).toEqual(['create']);
  });

  it('names the region that does not answer while traffic is given back, after it has given back the other one', async () => {
    await deployContainer(ports());
    primary.course = 'fails while traffic moves';
    let isAway = false;
    const [standby, active] = ports().regions as [ContainerRegion, ContainerRegion];
    const regions: readonly ContainerRegion[] = [
      {
        ...standby,
        deployment: async (id) => {
          if (isAway) throw new Error('CodeDeploy does not answer');
          return standby.deployment(id);
        },
      },
      {
        ...active,
        goOn: async (id) => {
          await active.goOn(id);
          isAway = true;
        },
      },
    ];
    await expect(switchContainer(ports({ regions }))).rejects.toThrow(
      /d-eu-central-1-1 in eu-central-1 failed: an alarm.*\. Not given back in eu-west-1: two-region rollback dev --container \(eu-west-1: CodeDeploy does not answer\)/,
    );
    expect(serving()).toEqual([OLD, NEW]);
    // What the message says puts it right, though one region has nothing under way any more.
    expect(await rollbackContainer(ports())).toMatchObject({ outcome: 'done', regions: [{ region: 'eu-west-1' }] });
    expect(serving()).toEqual([OLD, OLD]);
  });

  it('stops one region though the other one does not answer', async () => {
    await deployContainer(ports());
    let isAway = false;
    const [standby, active] = ports().regions as [ContainerRegion, ContainerRegion];
    const awayAfter = {
      ...standby,
      deployment: async (id: string) => {
        if (isAway) throw new Error('CodeDeploy does not answer');
        return standby.deployment(id);
      },
    };
    const failing = {
      ...active,
      goOn: async () => {
        isAway = true;
        throw new Error('Refused');
      },
    };
    let looks = 0;
    const slow = {
      ...failing,
      // CodeDeploy answers before it is over.
      deployment: async (id: string) => {
        const found = await active.deployment(id);
        return found.phase === 'failed' && ++looks < 3 ? { ...found, phase: 'moving' as const } : found;
      },
    };
    await expect(switchContainer(ports({ regions: [awayAfter, slow] }))).rejects.toThrow(
      /^Refused\. Not given back in eu-west-1: two-region rollback dev --container/,
    );
    expect([primary.changes.at(-1), looks]).toEqual(['stop', 3]);
  });

  it('does not say reverted where a region is done, and goes back there alone', async () => {
    for (const region of [primary, secondary]) region.digests.push(LATER);
    for (const region of [primary, secondary]) region.images = [...region.digests];
    for (const region of [primary, secondary]) region.digests.pop();
    await deployContainer(ports());
    await switchContainer(ports());
    for (const region of [primary, secondary]) {
      region.endWait();
      region.digests.push(LATER);
    }
    await deployContainer(ports());
    primary.course = 'fails while traffic moves';
    const [standby, active] = ports().regions as [ContainerRegion, ContainerRegion];
    const late = {
      ...active,
      goOn: async (id: string) => {
        await active.goOn(id);
        secondary.endWait();
      },
    };
    await expect(switchContainer(ports({ regions: [standby, late] }))).rejects.toThrow(
      /failed: an alarm.* Not given back in eu-west-1: two-region rollback dev --container \(eu-west-1: d-eu-west-1-2 is done\)/,
    );
    expect(serving()).toEqual([NEW, LATER]);
    expect(await rollbackContainer(ports())).toMatchObject({ outcome: 'done', regions: [{ region: 'eu-west-1' }] });
    expect(serving()).toEqual([NEW, NEW]);
  });

  it('refuses to go back in one region where the other one would stay', async () => {
    await deployContainer(ports());
    await switchContainer(ports());
    primary.endWait();
    await expect(rollbackContainer(ports())).rejects.toThrow(/^Only eu-west-1 has a deployment under way/);
    expect(serving()).toEqual([NEW, NEW]);
  });

  it('goes on where a command was killed between the regions', async () => {
    await deployContainer(ports());
    const [standby] = ports().regions;
    await standby?.goOn('d-eu-west-1-1');
    await switchContainer(ports());
    expect(serving()).toEqual([NEW, NEW]);
    expect(secondary.changes).toEqual(['create', 'continue']);
  });

  it('refuses to switch where nothing is ready', async () => {
    await expect(switchContainer(ports())).rejects.toThrow(/two-region deploy dev --container comes first/);
    expect(asked).toEqual([]);
  });

  it('goes back at once while the tasks before still run', async () => {
    await deployContainer(ports());
    await switchContainer(ports());
    const { outcome, regions } = await rollbackContainer(ports());
    expect([outcome, ...regions.map(({ phase }) => phase)]).toEqual(['done', 'failed', 'failed']);
    expect(serving()).toEqual([OLD, OLD]);
    expect(log.filter((line) => line.startsWith('create'))).toHaveLength(2);
  });

  it('goes back by a deployment of what ran before where those tasks have ended', async () => {
    for (const digest of [NEW]) {
      await deployContainer(ports());
      await switchContainer(ports());
      for (const region of [primary, secondary]) {
        region.endWait();
        region.digests.push(`${digest.slice(0, -1)}c`);
        region.images = region.digests;
      }
    }
    await deployContainer(ports());
    await switchContainer(ports());
    for (const region of [primary, secondary]) region.endWait();
    await rollbackContainer(ports());
    expect(serving()).toEqual([NEW, NEW]);
  });

  it('refuses to go back where nothing was deployed before', async () => {
    await expect(rollbackContainer(ports())).rejects.toThrow(/nothing was deployed before what serves/);
    expect(asked).toEqual([]);
  });
});
