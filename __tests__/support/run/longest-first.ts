import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that run for longer than the others, the longest first: those that wait for a running stage, or send it thousands of requests. One of
 * them begun last would keep a single process busy while the others have nothing left to do. vitest remembers how long each file took, but a fresh
 * clone remembers nothing.
 */
const LONGEST = [
  'tools/local/hostile/hostile-requests',
  'tools/local/route-away',
  'tools/local/heartbeat',
  'tools/operator/switch/local/release-cycle',
  'tools/operator/local/saved-served',
  'tools/local/losses',
  'tools/operator/drill/drill',
  'tools/local/region-watch',
  'tools/local/journeys',
  'tools/local/page/page',
  'tools/operator/local/tokens-served',
  'tools/operator/local/local',
  'tools/operator/deploy/local-release-cases',
  'container/beside-runtime',
  'tools/local/both-active',
  'tools/local/active-region',
  'tools/local/object-replication',
  'tools/local/iam/least-privilege',
  'tools/local/cors',
  'tools/local/route-latch',
  'tools/local/two-regions',
  'tools/operator/local/local-data',
  'tools/local/lambda/failures',
  'tools/operator/program',
  'tools/local/s3/boto3',
  'tools/operator/deploy/local-commands',
];

/** vitest's `sequence.sequencer`: the order in which test files are begun. */
export class LongestFirst extends BaseSequencer {
  /** @throws Error for a file of the list that there is no more */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const paths = LONGEST.map((name) => join(root, '__tests__', `${name}.test.ts`));
    const gone = paths.filter((path) => !existsSync(path));
    if (gone.length > 0) throw new Error(`There is no ${gone.join(', ')}: correct the list of ${import.meta.url}.`);
    const rank = ({ moduleId }: TestSpecification) =>
      paths.includes(moduleId) ? paths.indexOf(moduleId) : paths.length;
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
