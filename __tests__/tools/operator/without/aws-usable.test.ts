import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { HttpService } from '#local/http/listen.ts';
import { startS3 } from '#local/s3/s3.ts';
import { awsCatchUp } from '#operator/journal/stage-records.ts';
import { addCatchUp } from '#operator/regions/catch-up.ts';
import { requireUsableOnAws } from '#operator/without/aws-usable.ts';
import { stateLocation } from '#stacks/terraform/state-location.ts';
import { recordingAuthorize } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

// The local runtime's S3 in the place of that of both regions: the buckets have names of their own.
let s3: HttpService;
beforeAll(async () => {
  const { authorize } = recordingAuthorize();
  const names = (['primary', 'secondary'] as const).map((regionType) => stateLocation(context, regionType).bucket);
  const buckets = names.map((name) => ({ name, versioned: true }));
  s3 = await startS3({ region: 'eu-central-1', authorize, buckets });
  vi.stubEnv('AWS_ENDPOINT_URL', s3.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await s3.close();
});

describe('a stage that was changed without its primary region (B16)', () => {
  it('is changed by no command with both regions before its states are back', async () => {
    const catchUp = awsCatchUp(context);
    await addCatchUp(catchUp, 'primary', { kind: 'parameters', what: 'map', names: ['replacement_map'] });
    await expect(requireUsableOnAws(context)).resolves.toBeUndefined();
    await addCatchUp(catchUp, 'primary', { kind: 'release', what: 'envB' });
    await expect(requireUsableOnAws(context)).rejects.toThrow(
      /state is newer in the secondary region. First: two-region return dev primary/,
    );
  });

  it('is not asked for it where the secondary region is the one that is lost', async () => {
    await expect(requireUsableOnAws(context, 'secondary')).resolves.toBeUndefined();
  });
});
