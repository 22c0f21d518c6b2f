import { ApiGatewayResource } from '@cdktf/provider-aws/lib/api-gateway-resource';
import type { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api';
import type { Construct } from 'constructs';
import { pathId } from '#constructs/source-arn.ts';

/** The tree of an API's resources, one per path segment, made as paths are asked for. */
export class ResourceTree {
  readonly #ids = new Map<string, string>();
  readonly #scope: Construct;
  readonly #restApiId: string;

  constructor(scope: Construct, api: ApiGatewayRestApi) {
    this.#scope = scope;
    this.#restApiId = api.id;
    this.#ids.set('', api.rootResourceId);
  }

  /** @param path - `/user/{id}`; `/` is the root */
  resourceId(path: string): string {
    const trimmed = path === '/' ? '' : path;
    const known = this.#ids.get(trimmed);
    if (known !== undefined) return known;
    const slash = trimmed.lastIndexOf('/');
    const resource = new ApiGatewayResource(this.#scope, `resource${pathId(trimmed)}`, {
      restApiId: this.#restApiId,
      parentId: this.resourceId(trimmed.slice(0, slash)),
      pathPart: trimmed.slice(slash + 1),
    });
    this.#ids.set(trimmed, resource.id);
    return resource.id;
  }
}
