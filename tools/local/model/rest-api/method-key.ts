import { z } from 'zod';

/** Arguments by which integrations and responses say which method they belong to. */
export const methodArguments = { rest_api_id: z.string(), resource_id: z.string(), http_method: z.string() };

/** One text per method of any API. */
export function methodKey(values: z.infer<z.ZodObject<typeof methodArguments>>): string {
  return `${values.rest_api_id} ${values.resource_id} ${values.http_method}`;
}

/** Groups what belongs to methods by the method's key. */
export function groupByMethod<Item>(
  items: readonly { readonly values: { readonly method: string; readonly item: Item } }[],
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const { values } of items) {
    const group = groups.get(values.method);
    if (group) group.push(values.item);
    else groups.set(values.method, [values.item]);
  }
  return groups;
}
