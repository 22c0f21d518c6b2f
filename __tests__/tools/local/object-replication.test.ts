import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectControl } from '#local/control/client.ts';
import type { RegionType } from '#local/model/model.ts';
import { readLocalFacts } from '#operator/parity/local/local-facts.ts';
import { readLocalStatus } from '#operator/status/read-status.ts';
import { loadSettings } from '#stacks/settings/index.ts';
import { patientFunctions, type RunningStage, startStage } from './support/running-stage.ts';

let stage: RunningStage;
beforeAll(async () => {
  stage = await startStage({ settings: { OBJECT_REPLICATION: '"two-way"' }, terraform: patientFunctions });
}, 600_000);
afterAll(() => stage?.close());
vi.setConfig({ testTimeout: 600_000 });

const BUCKET = {
  primary: 'two-region-api-dev-data-eu-central-1-000000000000',
  secondary: 'two-region-api-dev-data-eu-west-1-000000000000',
};

function client(type: RegionType): S3Client {
  const { credentials, regions } = stage.controls.regions();
  const { region, services } = regions[type];
  return new S3Client({ region, endpoint: services.s3 ?? '', credentials: credentials.operator, forcePathStyle: true });
}

const put = (type: RegionType, Key: string, Body: string) =>
  client(type).send(new PutObjectCommand({ Bucket: BUCKET[type], Key, Body }));
const read = async (type: RegionType, Key: string) => {
  const asked = client(type).send(new GetObjectCommand({ Bucket: BUCKET[type], Key }));
  return asked.then(({ Body }) => Body?.transformToString(), String);
};
const arrives = (type: RegionType, Key: string, text: string) =>
  vi.waitUntil(async () => (await read(type, Key)) === text, { timeout: 60_000 });

describe('OBJECT_REPLICATION="two-way" on this machine (B16)', () => {
  it('brings what a function writes to a bucket into the other region, by the role that the stacks declare', async () => {
    const { entry, apiKey } = stage.summary;
    const response = await fetch(`${entry}/test`, { headers: { 'x-api-key': apiKey } });
    expect(response.status).toBe(200);
    const written = () => Object.keys(stage.controls.data.contents().secondary?.objects?.[BUCKET.secondary] ?? {});
    await vi.waitUntil(() => written().length > 0, { timeout: 60_000 });
    const own = stage.controls.data.contents().primary?.objects?.[BUCKET.primary];
    expect(stage.controls.data.contents().secondary?.objects?.[BUCKET.secondary]).toEqual(own);
    const unused = stage.controls.unusedPermissions().unused.filter(({ role }) => role.includes('object-replication'));
    // Nothing was deleted yet, and nothing written in the secondary region.
    expect(unused.filter(({ role }) => role.endsWith('-primary')).map(({ action }) => action)).toEqual([
      's3:ReplicateDelete',
    ]);
  });

  it('waits while the regions are cut off from each other, both ways', async () => {
    stage.controls.setPartitioned(true);
    await put('primary', 'of-primary', '1');
    await put('secondary', 'of-secondary', '2');
    expect(await read('secondary', 'of-primary')).toContain('NoSuchKey');
    expect(await read('primary', 'of-secondary')).toContain('NoSuchKey');
    stage.controls.setPartitioned(false);
    await arrives('secondary', 'of-primary', '1');
    await arrives('primary', 'of-secondary', '2');
  });

  it('is a line of status and a fact of parity', async () => {
    const control = await connectControl(stage.directory);
    const settings = loadSettings(join(stage.directory, 'settings.conf'));
    const rule = 'within 15 min, with delete markers, with changes of replicas';
    const status = await readLocalStatus({ settings, stage: 'dev' }, control);
    expect(status.regions.map(({ objects }) => objects)).toEqual([
      { to: 'eu-west-1', rule },
      { to: 'eu-central-1', rule },
    ]);
    for (const { facts } of await readLocalFacts({ settings, stage: 'dev' }, control)) {
      expect(facts).toContainEqual({ kind: 'object replication', name: 'data bucket', value: rule });
    }
  });

  it('waits for a region that is lost, and brings it level when it is back', async () => {
    stage.controls.fail('primary');
    await put('secondary', 'while-lost', 'x');
    stage.controls.recover('primary');
    await arrives('primary', 'while-lost', 'x');
  });
});
