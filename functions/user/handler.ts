import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type getUser, access as readAccess } from '#contract/get-user.ts';
import { type postUser, access as writeAccess } from '#contract/post-user.ts';
import { clientSettings } from '#functions/adapters/client-settings.ts';
import { dynamoDbItemStore } from '#functions/adapters/dynamodb-item-store.ts';
import { PREVIEW, readEnvironment } from '#functions/environment.ts';
import { templateHandler } from '#functions/http/template-handler.ts';
import type { ItemStore } from '#functions/ports/item-store.ts';
import { readUser, writeUser } from './write-user.ts';

function compose(): { readonly live: ItemStore; readonly preview: ItemStore } {
  const { USER_TABLE_NAME, PREVIEW_USER_TABLE_NAME } = readEnvironment({ ...readAccess, ...writeAccess });
  // Three attempts and the waits between them end before the function's timeout, so that a failure is answered and logged.
  const client = new DynamoDBClient(clientSettings({ maxAttempts: 3, connectMs: 1000, attemptMs: 2000 }));
  return {
    live: dynamoDbItemStore(client, USER_TABLE_NAME),
    preview: dynamoDbItemStore(client, PREVIEW_USER_TABLE_NAME),
  };
}

let composed: ReturnType<typeof compose> | undefined;

function usersOf(env: string): ItemStore {
  composed ??= compose();
  return env === PREVIEW ? composed.preview : composed.live;
}

export const handler = templateHandler<typeof getUser | typeof postUser>('user', {
  GET: async (request) => readUser(usersOf(request.env), request),
  POST: async (request) => writeUser(usersOf(request.env), request),
});
