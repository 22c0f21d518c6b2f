import type { Operation } from '#contract/operation.ts';

/**
 * The ARN that an operation's requests carry on a stage, path parameters as wildcards: what an invoke permission, or a caller's policy, is
 * limited to.
 *
 * Source: Amazon API Gateway Developer Guide, "Control access for invoking an API".
 */
export function sourceArn(
  api: { readonly executionArn: string },
  stage: string,
  { method, path }: Pick<Operation, 'method' | 'path'>,
): string {
  return `${api.executionArn}/${stage}/${method}${path.replaceAll(/\{[^}]+\}/g, '*')}`;
}

/**
 * What a route's resources are called in its API: by method and path, which a gateway has once. An operation that gets another id keeps its route;
 * named by the id, Terraform would make a second one, which the gateway refuses, or remove the one that it has just made.
 */
export function routeId({ method, path }: Pick<Operation, 'method' | 'path'>): string {
  return `${method}${pathId(path)}`;
}

/** `-user-_id_` for `/user/{id}` */
export function pathId(path: string): string {
  return path.replaceAll('/', '-').replaceAll(/[{}+]/g, '_');
}
