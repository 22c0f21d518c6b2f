import { beforeEach, describe, expect, it } from 'vitest';
import { containerRegion } from '#operator/container/container-region.ts';
import { containerLine, containerProblems, readContainer } from '#operator/container/container-status.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { AwsStandIn } from './aws-stand-in.ts';

const [OLD, NEW] = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];

describe('what status says of the container API (S3.13)', () => {
  let primary: AwsStandIn;
  let secondary: AwsStandIn;
  beforeEach(() => {
    primary = new AwsStandIn('eu-central-1', [], [OLD, NEW]);
    secondary = new AwsStandIn('eu-west-1', [], [OLD, NEW]);
  });

  const places = async () => [
    { region: 'eu-central-1', container: await readContainer(containerRegion(context, 'primary', primary.ask)) },
    { region: 'eu-west-1', container: await readContainer(containerRegion(context, 'secondary', secondary.ask)) },
  ];

  it('is the image, its tasks, and a deployment that is under way', async () => {
    const region = containerRegion(context, 'primary', primary.ask);
    const id = await region.create(primary.arn(2));
    for (const _ of [1, 2]) await region.deployment(id);
    const [here, there] = await places();
    expect(here && containerLine(here)).toEqual([
      '  container API sha256:aaaaaaaaaaaa, 2 of 2 tasks run; d-eu-central-1-1 of sha256:bbbbbbbbbbbb is ready',
    ]);
    expect(there && containerLine(there)).toEqual(['  container API sha256:aaaaaaaaaaaa, 2 of 2 tasks run']);
    expect(containerProblems(context, await places())).toEqual([]);
  });

  it('says that the regions serve different images, and what brings them together', async () => {
    secondary.serving = 2;
    expect(containerProblems(context, await places())).toEqual([
      `The regions serve different images of the container API: ${OLD} in eu-central-1, ${NEW} in eu-west-1. The newest in both: two-region deploy dev --container, then two-region switch dev --container`,
    ]);
  });

  it('says what a region lacks: the service, or tasks', async () => {
    primary.digests.splice(0);
    secondary.tasks = { runningCount: 0, desiredCount: 2 };
    const found = await places();
    expect(found.flatMap(containerLine)[0]).toBe('  container API not deployed');
    expect(containerProblems(context, found)).toEqual([
      'eu-central-1 has no container API, as settings.conf says. Deploy it: two-region deploy dev --stack container',
      'Of the container API 0 of 2 tasks run in eu-west-1. What they log: log group /aws/ecs/.',
    ]);
  });

  it('is nothing where settings have none', () => {
    expect(containerLine({ region: 'eu-west-1' })).toEqual([]);
    expect(containerProblems(context, [{ region: 'eu-west-1' }])).toEqual([]);
  });
});
