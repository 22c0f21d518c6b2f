import { createHash } from 'node:crypto';
import { DefaultTokenResolver, Lazy, StringConcat, TerraformResource, Tokenization } from 'cdktf';
import type { Construct } from 'constructs';

/** An API is declared completely before anything is resolved, so each is hashed once, however many environments deploy it. */
const hashes = new WeakMap<Construct, string>();

/**
 * SHA-256, hexadecimal, of everything that a deployment of an API takes a snapshot of: the resources under `scope` as Terraform would
 * write them, references by name. It changes when, and only when, a part of the API does, and is the same in both regions.
 *
 * @param scope - the API
 * @param digits - how many of the 64 digits are wanted. @default 64
 * @returns a token that is resolved when the stacks are synthesized, when every part is declared
 */
export function contentHash(scope: Construct, digits = 64): string {
  return Lazy.stringValue({
    produce: () => {
      const hash = hashes.get(scope) ?? hashContent(scope);
      hashes.set(scope, hash);
      return hash.slice(0, digits);
    },
  });
}

function hashContent(scope: Construct): string {
  const parts = scope.node.findAll().filter((part) => TerraformResource.isTerraformResource(part));
  const resolver = new DefaultTokenResolver(new StringConcat());
  const content = parts.map((part) => Tokenization.resolve(part.toTerraform(), { scope, resolver, preparing: false }));
  return createHash('sha256').update(JSON.stringify(content, withoutMetadata)).digest('hex');
}

/** cdktf notes under `//` where a resource was declared, stack and all: no part of the API. */
function withoutMetadata(key: string, value: unknown): unknown {
  return key === '//' ? undefined : value;
}
