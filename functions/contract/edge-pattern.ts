import type { Operation } from './operation.ts';

/** `/user/*` for `/user/{id}`: how CloudFront writes a path. A `*` there stands for any text, slashes too. */
export function edgePattern({ path }: Pick<Operation, 'path'>): string {
  return path.replaceAll(/\{[^}]+\}/g, '*');
}

/**
 * Whether requests of an operation may match a pattern of CloudFront's.
 *
 * Source: Amazon CloudFront Developer Guide, "Path pattern": case counts, `*` is any number of characters.
 */
export function matchesPattern(pattern: string, path: string): boolean {
  const parts = pattern.split('*').map((text) => text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(path);
}

/** The header by which a region knows what comes through the edge. */
export const EDGE_HEADER = 'x-origin-verify';

/** What the name of a public name's origin begins with: `origin.api.example.com` has the records that follow the regions' health. */
export function originName(publicName: string): string {
  return `origin.${publicName}`;
}
