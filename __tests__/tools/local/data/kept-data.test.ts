import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MetricStore } from '#local/cloudwatch/metric-store.ts';
import { openDataFolder } from '#local/data/data-folder.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Table } from '#local/model/model.ts';
import { type RunningServices, startAwsServices } from '#local/runtime/aws-services.ts';
import { Startup } from '#local/runtime/startup.ts';
import { twoRegions } from '#tests/tools/local/support/two-regions.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const log = new RuntimeLog();
let folder: string;
let startup: Startup;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-'));
});
afterEach(async () => {
  await startup.close();
  await rm(folder, { recursive: true });
});

const table = (name: string, global: boolean): Table => ({
  name,
  arn: `arn:aws:dynamodb:eu-central-1:111122223333:table/${name}`,
  hashKey: 'id',
  attributes: [{ name: 'id', type: 'S' }],
  global,
});
const TABLES = [table('app-dev-user', true), table('app-dev-local', false)];
const BUCKETS = [
  { name: 'app-dev-data', versioned: true },
  { name: 'app-dev-plain', versioned: false },
];

/** A runtime's services, on what is in the folder. */
async function start(
  parameters: Readonly<Record<string, string>> = { '/app/dev/map': 'seed' },
): Promise<RunningServices> {
  startup = new Startup();
  const data = startup.keep(openDataFolder(folder, 'dev'));
  const { primary, secondary } = twoRegions('/nowhere').regions;
  const watching = { metrics: new MetricStore(1), alarms: () => [] };
  const context = { parameters, authorize: async () => ({ allowed: true as const }), log, watching };
  return startAwsServices(
    startup,
    {
      primary: { ...context, model: { ...primary, tables: TABLES, buckets: BUCKETS } },
      secondary: { ...context, model: { ...secondary, tables: TABLES, buckets: BUCKETS } },
    },
    { lagMilliseconds: 600_000, log },
    { data, port: 0 },
  );
}

async function restart(parameters?: Readonly<Record<string, string>>): Promise<RunningServices> {
  await startup.close();
  return start(parameters);
}

function clients({ urls }: RunningServices, type: 'primary' | 'secondary' = 'primary') {
  const at = (name: string) => ({ endpoint: urls[type][name] ?? '', region: 'eu-central-1', credentials });
  return {
    dynamodb: new DynamoDBClient(at('dynamodb')),
    s3: new S3Client({ ...at('s3'), forcePathStyle: true }),
    ssm: new SSMClient(at('ssm')),
  };
}

describe('what a runtime keeps (B14)', () => {
  it('are the items of both regions; what was on its way to the other region has arrived after a restart', async () => {
    let services = await start();
    const put = (type: 'primary' | 'secondary', TableName: string, id: string, by: string) =>
      clients(services, type).dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, by: { S: by } } }));
    await put('primary', 'app-dev-user', 'a', 'primary');
    await put('primary', 'app-dev-user', 'b', 'primary');
    await put('secondary', 'app-dev-user', 'b', 'secondary');
    await put('primary', 'app-dev-local', 'c', 'primary');
    services = await restart();
    const items = (by: Record<string, string>) =>
      Object.entries(by).map(([id, region]) => ({ id: { S: id }, by: { S: region } }));
    const users = expect.arrayContaining(items({ a: 'primary', b: 'secondary' }));
    expect(services.contents().primary?.tables).toEqual({
      'app-dev-user': users,
      'app-dev-local': items({ c: 'primary' }),
    });
    expect(services.contents().secondary?.tables).toEqual({ 'app-dev-user': users, 'app-dev-local': [] });
  });

  it('are objects with their versions, types and markers, and parameters with theirs; kept ones go before the settings', async () => {
    const first = clients(await start());
    const Bucket = 'app-dev-data';
    const body = Buffer.from([0, 255, 10, 13]);
    await first.s3.send(new PutObjectCommand({ Bucket, Key: 'a b', Body: 'one', ContentType: 'text/plain' }));
    await first.s3.send(new PutObjectCommand({ Bucket, Key: 'a b', Body: body, Metadata: { by: 'test' } }));
    await first.s3.send(new PutObjectCommand({ Bucket: 'app-dev-plain', Key: 'gone', Body: 'x' }));
    await first.s3.send(new DeleteObjectCommand({ Bucket: 'app-dev-plain', Key: 'gone' }));
    await first.s3.send(new PutObjectCommand({ Bucket, Key: 'marked', Body: 'x' }));
    await first.s3.send(new DeleteObjectCommand({ Bucket, Key: 'marked' }));
    const versionsOf = async (s3: S3Client) => {
      const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      return { Versions, DeleteMarkers };
    };
    const before = await versionsOf(first.s3);
    await first.ssm.send(new PutParameterCommand({ Name: '/app/dev/map', Value: 'mine', Overwrite: true }));

    const second = clients(await restart({ '/app/dev/map': 'newer seed', '/app/dev/other': 'seed' }));
    expect(await versionsOf(second.s3)).toEqual(before);
    const { Body, Metadata, ETag } = await second.s3.send(new GetObjectCommand({ Bucket, Key: 'a b' }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? [])).toEqual(body);
    expect({ Metadata, ETag }).toEqual({ Metadata: { by: 'test' }, ETag: before.Versions?.[0]?.ETag });
    const gone = second.s3.send(new GetObjectCommand({ Bucket: 'app-dev-plain', Key: 'gone' }));
    await expect(gone).rejects.toThrow('does not exist');
    const parameter = async (Name: string) =>
      (await second.ssm.send(new GetParameterCommand({ Name, WithDecryption: true }))).Parameter;
    expect(await parameter('/app/dev/map')).toMatchObject({ Value: 'mine', Version: 2, Type: 'SecureString' });
    expect(await parameter('/app/dev/other')).toMatchObject({ Value: 'seed' });
  });

  it('is exported, and written again into an empty runtime; a reset sets it back for good', async () => {
    let services = await start();
    const ada = { id: { S: 'ada' }, tags: { SS: ['x', 'y'] }, bytes: { B: 'AAE=' } };
    const given = {
      primary: {
        tables: { user: [ada] },
        objects: { data: { 'a/b': { text: 'grüße' }, raw: { base64: '/wA=', contentType: 'image/png' } } },
        parameters: { '/app/dev/list': { value: 'a,b', type: 'StringList' as const } },
      },
    };
    expect(await services.fill(given)).toEqual({ items: 1, objects: 2, parameters: 1 });
    const exported = services.contents();
    expect(exported.primary).toMatchObject({
      tables: { 'app-dev-user': [ada], 'app-dev-local': [] },
      objects: { 'app-dev-data': given.primary.objects.data },
      parameters: { ...given.primary.parameters, '/app/dev/map': { value: 'seed', type: 'SecureString' } },
    });
    await services.reset({
      primary: { model: twoRegions('/nowhere').regions.primary, parameters: { '/app/dev/map': 'seed' } },
      secondary: { model: twoRegions('/nowhere').regions.secondary, parameters: { '/app/dev/map': 'seed' } },
    });
    services = await restart();
    expect(services.contents().primary).toMatchObject({
      tables: { 'app-dev-user': [] },
      objects: { 'app-dev-data': {} },
      parameters: { '/app/dev/map': { value: 'seed', type: 'SecureString' } },
    });
    await services.fill(exported);
    expect(services.contents().primary).toEqual(exported.primary);
  });

  it('is not changed by a seed with a mistake anywhere; all mistakes are told', async () => {
    const services = await start();
    const fill = services.fill({
      primary: {
        tables: { user: [{ id: { S: 'ok' } }, { name: { S: 'no key' } }], moon: [] },
        objects: { sea: {} },
        parameters: { '/app/dev/map': { value: 'x', type: 'String' } },
      },
      secondary: { tables: { user: [{ id: { N: '1' } }] } },
    });
    await expect(fill).rejects.toThrow(
      /primary: table user, item 2: .*\n.*primary: table moon: there is none; there are app-dev-user.*\n.*primary: bucket sea.*\n.*it is a SecureString.*\n.*secondary: table user, item 1/,
    );
    expect(services.contents().primary?.tables).toEqual({ 'app-dev-user': [], 'app-dev-local': [] });
  });

  it('a file that is damaged keeps the runtime from starting, and is named', async () => {
    const services = await start();
    await services.fill({ primary: { tables: { user: [{ id: { S: 'a' } }] } } });
    await startup.close();
    const file = join(folder, 'dynamodb.journal');
    const content = await readFile(file, 'utf8');
    await rm(file);
    await appendFile(file, content.replace('"S', '"N'));
    await expect(start()).rejects.toThrow(`${file} is damaged: line 2`);
  });
});

/** Serves one table until it is killed. */
const SERVER = `
  import { openDataFolder } from '#local/data/data-folder.ts';
  import { startDynamoDb } from '#local/dynamodb/dynamodb.ts';
  const [, folder, tables] = process.argv;
  const service = await startDynamoDb({
    region: 'eu-central-1', tables: JSON.parse(tables), authorize: async () => ({ allowed: true }),
    log: { write: () => {}, spans: { areKept: false } }, kept: openDataFolder(folder, 'dev').open('dynamodb'),
  });
  console.log(service.url);
`;

describe('a process that is killed while it writes (B14)', () => {
  const children: ChildProcess[] = [];
  afterEach(() => children.splice(0).forEach((child) => void child.kill('SIGKILL')));

  it('has lost no write that it acknowledged, and no transaction is there by half', { timeout: 60_000 }, async () => {
    const acknowledged = new Set<string>();
    for (const round of [1, 2]) {
      const args = ['--import', 'tsx', '--input-type=module', '-e', SERVER, folder, JSON.stringify(TABLES)];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      children.push(child);
      const [line] = await once(child.stdout, 'data');
      const client = new DynamoDBClient({
        endpoint: String(line).trim(),
        region: 'eu-central-1',
        credentials,
        maxAttempts: 1,
      });
      const writer = async (name: string) => {
        for (let at = 0; ; at += 1) {
          const [one, other] = [`${round}-${name}-${at}`, `${round}-${name}-${at}-twin`];
          const Put = (id: string) => ({ Put: { TableName: 'app-dev-user', Item: { id: { S: id } } } });
          await client.send(new TransactWriteItemsCommand({ TransactItems: [Put(one), Put(other)] }));
          acknowledged.add(one).add(other);
          if (acknowledged.size > round * 200) child.kill('SIGKILL');
        }
      };
      const ended = once(child, 'exit');
      await Promise.allSettled(['a', 'b', 'c', 'd'].map(writer));
      await ended;
    }
    const items = (await start()).contents().primary?.tables?.['app-dev-user'] ?? [];
    const there = new Set(items.map(({ id }) => String(id?.S)));
    expect(acknowledged.size).toBeGreaterThan(400);
    expect([...acknowledged].filter((id) => !there.has(id))).toEqual([]);
    expect([...there].filter((id) => !there.has(id.endsWith('-twin') ? id.slice(0, -5) : `${id}-twin`))).toEqual([]);
  });
});

it('a write that cannot be kept is refused, and not made (B14)', async () => {
  const { TableStore } = await import('#local/dynamodb/store/table-store.ts');
  const { BucketStore } = await import('#local/s3/store/bucket-store.ts');
  const { ParameterStore } = await import('#local/ssm/parameter-store.ts');
  const full = () => {
    throw new Error('ENOSPC');
  };
  startup = new Startup();
  const heard: unknown[] = [];
  const tables = new TableStore(TABLES, (write) => heard.push(write), full);
  expect(() => tables.getItemDb('app-dev-user').put('key', { id: { S: 'a' } }, () => {})).toThrow('ENOSPC');
  expect([tables.items('app-dev-user'), heard]).toEqual([[], []]);
  const bucket = new BucketStore({ name: 'b', versioned: true }, full);
  const checksum = { algorithm: 'CRC32', value: '', type: 'FULL_OBJECT' } as const;
  const object = { body: Buffer.from(''), etag: '""', headers: {}, checksum, tags: new Map() };
  expect(() => bucket.put('key', object)).toThrow('ENOSPC');
  expect(() => bucket.delete('key', undefined)).toThrow('ENOSPC');
  expect(bucket.keys()).toEqual([]);
  const parameters = new ParameterStore([], new Map(), full);
  expect(() => parameters.put({ name: '/a', value: 'x', type: 'String', overwrite: false })).toThrow('ENOSPC');
  expect(parameters.all()).toEqual([]);
});
