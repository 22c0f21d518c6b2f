import { createHash } from 'node:crypto';
import type { LiveEnvironment } from './live-region.ts';

const DIGITS = 12;

/** Tells two deployments of an environment apart by content, whatever their ids, versions and regions are. */
export function environmentHash({ functions, stages }: Pick<LiveEnvironment, 'functions' | 'stages'>): string {
  const code = Object.entries(functions).map(([name, { codeSha256 }]) => `${name}=${codeSha256}`);
  const content = [stages.rest?.contentHash ?? '', stages.http === undefined ? 'no http' : 'http', ...code.sort()];
  return createHash('sha256').update(content.join('\n')).digest('hex').slice(0, DIGITS);
}

/**
 * First digits of the SHA-256 of a REST API's content: the stack names documentation versions `<environment>-<hash>`.
 *
 * @returns nothing for a stage without such a version
 */
export function contentHashOf(
  stage: string,
  documentationVersion: string | undefined,
): { readonly contentHash?: string } {
  const start = `${stage}-`;
  return documentationVersion?.startsWith(start) ? { contentHash: documentationVersion.slice(start.length) } : {};
}
