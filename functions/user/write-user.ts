import * as z from 'zod/mini';
import { getUser } from '#contract/get-user.ts';
import { postUser } from '#contract/post-user.ts';
import type { ResponseOf } from '#contract/response.ts';
import { parseRequest } from '#functions/http/parse-request.ts';
import type { TemplateRequest } from '#functions/http/template-handler.ts';
import type { ItemStore } from '#functions/ports/item-store.ts';

const { pathParameters, body } = postUser.request;
const input = z.extend(pathParameters, body.shape);

/**
 * Writes one user, in place of whoever had the id.
 *
 * @throws BadRequestError when the id or the name is not acceptable
 */
export async function writeUser(
  users: Pick<ItemStore, 'put'>,
  { fields }: Pick<TemplateRequest, 'fields'>,
): Promise<ResponseOf<typeof postUser>> {
  const user = parseRequest(input, fields);
  await users.put(user);
  return { status: 200, body: user };
}

/**
 * Reads one user.
 *
 * @throws BadRequestError when the id is not acceptable
 * @throws Error when the item in the table is not a user
 */
export async function readUser(
  users: Pick<ItemStore, 'get'>,
  { fields, requestId }: Pick<TemplateRequest, 'fields' | 'requestId'>,
): Promise<ResponseOf<typeof getUser>> {
  const { id } = parseRequest(getUser.request.pathParameters, fields);
  const item = await users.get(id);
  if (item === undefined) return { status: 404, body: { error: `There is no user ${id}`, requestId } };
  if (item.name === undefined) throw new Error(`The item ${id} of the user table has no name.`);
  return { status: 200, body: { id, name: item.name } };
}
