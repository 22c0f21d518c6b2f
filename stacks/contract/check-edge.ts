import { edgePattern, matchesPattern } from '#contract/edge-pattern.ts';
import type { Operation } from '#contract/operation.ts';
import { writesOf } from '#contract/writes.ts';
import type { Found } from './contract-error.ts';

const LONGEST_SECONDS = 31_536_000;

/**
 * What the edge may do for an operation. It tells requests apart by their path alone, so what it does for one route it does for all that a pattern matches,
 * and CloudFront lets no behavior with an origin group take anything that writes.
 *
 * Source: Amazon CloudFront Developer Guide, "Optimize high availability with CloudFront origin failover"; API Reference, "CacheBehavior", AllowedMethods.
 */
export function checkEdge(operation: Operation, operations: readonly Operation[]): readonly Found[] {
  const { api, auth, edge, method } = operation;
  if (edge === undefined) return [];
  const found: Found[] = [];
  const refuse = (message: string) => found.push({ member: 'edge', message });
  const { cacheSeconds, otherRegion } = edge;
  if (method !== 'GET') refuse(`CloudFront keeps and repeats GETs only, and this is a ${method}: leave \`edge\` out.`);
  if (cacheSeconds === undefined && !otherRegion) {
    refuse('it says nothing: give it `cacheSeconds` or `otherRegion: true`, or leave `edge` out.');
  }
  if (cacheSeconds !== undefined) {
    if (!Number.isInteger(cacheSeconds) || cacheSeconds < 1 || cacheSeconds > LONGEST_SECONDS) {
      refuse(`cacheSeconds is ${cacheSeconds}, allowed: a whole number of seconds from 1 to ${LONGEST_SECONDS}.`);
    }
    if (auth !== 'open') {
      refuse(
        `what is kept is given to everybody who asks, and auth '${auth}' lets in some only: use auth 'open', or no \`cacheSeconds\`.`,
      );
    }
  }
  if (otherRegion && auth === 'iam') {
    refuse(
      'a signature is good in one region, and the other one would answer 403: use another auth, or no `otherRegion`.',
    );
  }
  if (otherRegion && writesOf(operation).length > 0) {
    refuse('its function may write, and a request that failed would be run a second time: leave `otherRegion` out.');
  }
  const pattern = edgePattern(operation);
  for (const other of operations) {
    if (other === operation || other.api !== api || !matchesPattern(pattern, edgePattern(other))) continue;
    if (other.method === 'GET' && !sameUse(other, operation)) {
      refuse(
        `CloudFront takes ${other.path} for ${pattern}, too: give ${other.id} the same \`edge\`, or another path.`,
      );
    } else if (other.method !== 'GET' && otherRegion) {
      refuse(
        `${other.id} takes ${other.method} at ${other.path}, which CloudFront takes for ${pattern}, and with \`otherRegion\` it takes nothing that writes: use another path, or leave it out.`,
      );
    }
  }
  return found;
}

function sameUse(one: Operation, other: Operation): boolean {
  return one.edge?.cacheSeconds === other.edge?.cacheSeconds && one.edge?.otherRegion === other.edge?.otherRegion;
}
