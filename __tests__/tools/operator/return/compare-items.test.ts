import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DynamoDbService, startDynamoDb } from '#local/dynamodb/dynamodb.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { compareTables } from '#operator/return/compare-items.ts';
import { clientSettings, recordingAuthorize } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';

let services: readonly DynamoDbService[];
let clients: { primary: DynamoDBClient; secondary: DynamoDBClient };

beforeAll(async () => {
  const { authorize } = recordingAuthorize();
  const start = (region: string, names: readonly string[]) =>
    startDynamoDb({
      region,
      authorize,
      log: new RuntimeLog(),
      tables: names.map((name) => ({
        name,
        arn: `arn:aws:dynamodb:${region}:123456789012:table/${name}`,
        hashKey: 'id',
        attributes: [{ name: 'id', type: 'S' as const }],
        global: false,
      })),
    });
  const [primary, secondary] = await Promise.all([
    start('eu-central-1', ['app-dev-user', 'other']),
    start('eu-west-1', ['app-dev-user', 'app-dev-new', 'other']),
  ]);
  services = [primary, secondary];
  clients = {
    primary: new DynamoDBClient(clientSettings(primary.url)),
    secondary: new DynamoDBClient(clientSettings(secondary.url)),
  };
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.close()));
});

it("finds each item of the stage's tables that the regions don't have alike, and no other (B16)", async () => {
  const put = (
    region: keyof typeof clients,
    TableName: string,
    id: string,
    name: string,
    order: 'id' | 'name' = 'id',
  ) => {
    const Item = order === 'id' ? { id: { S: id }, name: { S: name } } : { name: { S: name }, id: { S: id } };
    return clients[region].send(new PutItemCommand({ TableName, Item }));
  };
  await put('primary', 'app-dev-user', 'same', 'Eve');
  await put('secondary', 'app-dev-user', 'same', 'Eve', 'name');
  await put('primary', 'app-dev-user', 'both', 'Ada');
  await put('secondary', 'app-dev-user', 'both', 'Bea');
  await put('secondary', 'app-dev-user', 'one', 'Cai');
  await put('secondary', 'app-dev-new', 'new', 'Dan');
  await put('secondary', 'other', 'other', 'Fay');
  const [fresh, user, ...others] = await compareTables(clients, 'app-dev-');
  expect(others).toEqual([]);
  expect(fresh).toMatchObject({ table: 'new', items: 1, differing: [{ key: 'id "new"', primary: null }] });
  expect(user).toMatchObject({ table: 'user', items: 3 });
  expect([...(user?.alike.keys() ?? [])]).toEqual(['id "same"']);
  expect(user?.differing.map(({ key, primary }) => [key, primary !== null]).sort()).toEqual([
    ['id "both"', true],
    ['id "one"', false],
  ]);
});
