import * as z from 'zod/mini';
import type { Answer } from '../contract/answer.ts';
import { postUser } from '../contract/post-user.ts';
import { parseRequest } from '../http/parse-request.ts';
import type { TemplateRequest } from '../http/template-handler.ts';
import type { ItemStore } from '../ports/item-store.ts';

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
): Promise<Answer<typeof postUser>> {
  const user = parseRequest(input, fields);
  await users.put(user);
  return { status: 200, body: user };
}
