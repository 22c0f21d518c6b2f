import { createHash } from 'node:crypto';
import type { LiveEnvironment } from './live-region.ts';

const DIGITS = 12;

/** Tells two deployments of an environment apart by content, whatever their ids, versions and regions are. */
export function environmentHash({ functions, stages }: Pick<LiveEnvironment, 'functions' | 'stages'>): string {
  const code = Object.entries(functions).map(([name, { codeSha256 }]) => `${name}=${codeSha256}`);
  const content = [stages.rest?.contentHash ?? '', stages.http === undefined ? 'no http' : 'http', ...code.sort()];
  return createHash('sha256').update(content.join('\n')).digest('hex').slice(0, DIGITS);
}
