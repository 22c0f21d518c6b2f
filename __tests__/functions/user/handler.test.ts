import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hostileJson } from '#tests/support/hostile-json.ts';
import { lambdaContext } from '#tests/support/lambda-context.ts';
import { quietLog } from '#tests/support/quiet-log.ts';

const errors = quietLog();
const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => dynamoDb.restore());
const id = 'a1B2c3D4';

async function call(fields: Record<string, unknown>) {
  vi.resetModules();
  const { handler } = await import('#functions/user/handler.ts');
  return handler({ _method: 'GET', stage: 'envA', requestId: 'r-1', ...fields }, lambdaContext('user'));
}

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('USER_TABLE_NAME', 'app-dev-user');
  vi.stubEnv('PREVIEW_USER_TABLE_NAME', 'app-dev-preview-user');
  dynamoDb.reset();
  dynamoDb.on(PutItemCommand).resolves({});
  dynamoDb.on(GetItemCommand).resolves({});
});

describe('GET /user/{id} (S1.1)', () => {
  it('returns the user that the table holds, and only what the contract declares', async () => {
    const item = { id: { S: id }, name: { S: 'Ada' }, secret: { S: 'x' } };
    dynamoDb.on(GetItemCommand, { TableName: 'app-dev-user', Key: { id: { S: id } } }).resolves({ Item: item });
    expect(await call({ id })).toEqual({ id, name: 'Ada' });
  });

  it('fails with 404 when there is no such user, and logs no error', async () => {
    await expect(call({ id })).rejects.toThrow(`404: There is no user ${id}`);
    expect(errors()).toEqual([]);
  });

  it('fails with 500 when the item is no user', async () => {
    dynamoDb.on(GetItemCommand).resolves({ Item: { id: { S: id } } });
    await expect(call({ id })).rejects.toThrow(/^500: Internal server error$/);
  });

  it.each(['', 'short12', 'x'.repeat(65), 'with-dash', 'ümlaut12', 'a1B2c3D4\n', undefined, 12345678])(
    'fails with 400 for the id %j and asks no table',
    async (wrong) => {
      await expect(call({ id: wrong })).rejects.toThrow(/^400: id: /);
      expect(dynamoDb.calls()).toEqual([]);
    },
  );
});

describe('POST /user/{id} (S1.2)', () => {
  it('writes the name exactly as it was sent and returns the user', async () => {
    const name = '"quoted" \\ back\nline $input #set({}) Zoë 😀 \u0000';
    expect(await call({ _method: 'POST', id, name })).toEqual({ id, name });
    expect(dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input).toEqual({
      TableName: 'app-dev-user',
      Item: { id: { S: id }, name: { S: name } },
    });
  });

  it.each([undefined, null, '', 7, ['x'], {}, 'x'.repeat(1025), '\ud800'])(
    'fails with 400 for the name %j',
    async (name) => {
      await expect(call({ _method: 'POST', id, name })).rejects.toThrow(/^400: name: /);
      expect(dynamoDb.calls()).toEqual([]);
    },
  );

  it('names both when id and name are wrong', async () => {
    await expect(call({ _method: 'POST', id: '!' })).rejects.toThrow(/^400: id: .+; name: /);
  });

  it('fails with 500 when the table refuses, logs why and says nothing of it', async () => {
    dynamoDb.on(PutItemCommand).rejects(new Error('AccessDenied for role/secret'));
    await expect(call({ _method: 'POST', id, name: 'Ada' })).rejects.toThrow(/^500: Internal server error$/);
    expect(errors()[0]).toMatchObject({ error: { message: 'AccessDenied for role/secret' } });
  });
});

describe('the users of the environment preview (S1.5)', () => {
  it('are in a table of their own', async () => {
    await call({ _method: 'POST', stage: 'preview', id, name: 'Ada' });
    await call({ _method: 'POST', stage: 'envB', id, name: 'Ada' });
    const tables = dynamoDb.commandCalls(PutItemCommand).map(({ args }) => args[0].input.TableName);
    expect(tables).toEqual(['app-dev-preview-user', 'app-dev-user']);
  });
});

describe('hostile input', () => {
  it("is the client's mistake, whatever it is, or a user", async () => {
    const { handler } = await import('#functions/user/handler.ts');
    const event = fc.record({ id: fc.oneof(fc.constant(id), hostileJson), name: hostileJson });
    const methods = fc.constantFrom('GET', 'POST');
    await fc.assert(
      fc.asyncProperty(methods, event, async (_method, fields) => {
        const sent = { _method, stage: 'envA', requestId: 'r-1', ...fields };
        const answer = await handler(sent, lambdaContext('user')).catch((error: Error) => error.message);
        if (typeof answer === 'string') expect(answer).toMatch(/^(400|404): ./);
        else expect(answer).toEqual({ id: fields.id, name: fields.name });
      }),
      { numRuns: 500 },
    );
    expect(errors()).toEqual([]);
  });
});
