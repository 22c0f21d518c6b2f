import { z } from 'zod';
import type { ResourceReader } from '#local/model/resource-reader.ts';

const resource = z.object({
  id: z.string(),
  rest_api_id: z.string(),
  parent_id: z.string(),
  path_part: z.string(),
});

/**
 * The tree of `aws_api_gateway_resource` as paths.
 *
 * @param roots - ids of the APIs' root resources
 * @returns id of a resource → `/user/{id}`; of a root → `/`
 */
export function resourcePaths(reader: ResourceReader, roots: readonly string[]): ReadonlyMap<string, string> {
  const resources = new Map(reader.managed('aws_api_gateway_resource', resource).map((one) => [one.values.id, one]));
  const paths = new Map(roots.map((root) => [root, '/']));
  const pathOf = (id: string): string | undefined => {
    const known = paths.get(id);
    if (known !== undefined) return known;
    const one = resources.get(id);
    const parent = one && pathOf(one.values.parent_id);
    if (!one || parent === undefined) return undefined;
    const path = `${parent === '/' ? '' : parent}/${one.values.path_part}`;
    paths.set(id, path);
    return path;
  };
  for (const [id, one] of resources) {
    if (pathOf(id) === undefined) reader.fail(one, `parent_id: no resource has the id ${one.values.parent_id}`);
  }
  return paths;
}
