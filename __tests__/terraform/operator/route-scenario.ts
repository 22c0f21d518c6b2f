import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import type { RouteReport } from '#operator/route/move-route.ts';
import { inRegion, type RegionType } from '#stacks/context.ts';
import { bucketName, ROUTE_BUCKET } from '#stacks/naming.ts';
import { clientSettings } from '#tests/terraform/support/account.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

/** moto's. */
const ACCOUNT = '123456789012';

/** All that a stage uses beside S3, STS and Parameter Store. */
const OTHERS = ['route53', 'iam', 'acm', 'cloudfront', 'apigateway', 'lambda', 'dynamodb', 'logs', 'monitoring', 'kms'];

/** Traffic is kept away from a region of a deployed stage, by the real command line; ends with traffic at home. */
export function routeScenario(stage: () => StageOnMoto): void {
  describe.sequential('the route of a stage, by the real provider (S4.2, B6, B25)', { timeout: 240_000 }, () => {
    const regionOf = (type: RegionType) => inRegion(stage().context, type).region;
    const saidIn = async (type: RegionType) => {
      const { context, moto } = stage();
      const s3 = new S3Client({ ...clientSettings(moto, regionOf(type)), forcePathStyle: true });
      const Bucket = bucketName(inRegion(context, type), ROUTE_BUCKET, ACCOUNT);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'route.json' }));
      return JSON.parse((await Body?.transformToString()) ?? '');
    };
    const move = (kind: 'route-away' | 'route-back', region: RegionType) =>
      stage().run(kind, stage().context.stage, region, '--yes', '--no-wait', '--json');

    it('is moved while the region that is left is gone, and every control plane and service but S3 with it', async () => {
      expect([await saidIn('primary'), await saidIn('secondary')]).toEqual([{ route: 'home' }, { route: 'home' }]);
      const back = stage().moto.lose([regionOf('primary'), ...OTHERS]);
      const { exitCode, stdout } = await move('route-away', 'primary');
      // The region that is left was asked who asks, for the name of its bucket; nothing else that is gone was.
      expect(back().filter((call) => !call.startsWith('sts '))).toEqual([]);
      const report: RouteReport = JSON.parse(stdout);
      const written = { writtenIn: regionOf('secondary'), outcome: 'unwatched', remarks: [expect.any(String)] };
      expect(report).toMatchObject(written);
      expect(exitCode).toBe(0);
      expect(await saidIn('secondary')).toMatchObject({ route: 'away', since: expect.any(String) });
      expect(await saidIn('primary')).toEqual({ route: 'home' });
    });

    it.runIf(process.env.TERRAFORM_SCENARIOS === 'all')('stays as it is when its stack is applied again', async () => {
      const { context, run } = stage();
      expect((await run('diff', context.stage, 'base-secondary')).exitCode).toBe(0);
    });

    it('never keeps traffic away from both regions, and goes back', async () => {
      const opposite = await move('route-away', 'secondary');
      expect([opposite.exitCode, JSON.parse(opposite.stdout).error.name]).toEqual([2, 'RefusedError']);
      expect(await saidIn('primary')).toEqual({ route: 'home' });
      expect((await move('route-back', 'primary')).exitCode).toBe(0);
      expect(await saidIn('secondary')).toMatchObject({ route: 'home' });
    });
  });
}
