import type { S3Client } from '@aws-sdk/client-s3';
import { ROUTE_KEY, type RouteDocument } from '#contract/route-document.ts';
import { isNamed, s3Route } from '#functions/adapters/s3-route.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';

/** What a region says of the other one, and which version of it that is. */
export interface RouteState {
  readonly document: RouteDocument;
  readonly version: string;
}

/** Where a region says whether traffic keeps away from the other one. */
export interface RouteStore {
  /** AWS region, for messages. */
  readonly region: string;
  /** @throws RouteStoreError where nothing is kept; whatever the region's endpoint answers or doesn't */
  read(): Promise<RouteState>;
  /**
   * @param version - the one that is replaced
   * @returns false, and nothing has changed, where somebody else has changed it meanwhile
   */
  write(document: RouteDocument, version: string): Promise<boolean>;
}

/** A region's bucket for it is missing, or holds something else. */
class RouteStoreError extends Error {
  override readonly name = 'RouteStoreError';
  readonly exitCode = ExitCode.Failed;
}

/** Calls nothing but S3 of the one region. */
export function s3RouteStore(s3: S3Client, region: string, bucket: string, stage: string): RouteStore {
  const object = s3Route(s3, bucket);
  const missing = (what: string) =>
    new RouteStoreError(`${what} s3://${bucket}/${ROUTE_KEY} in ${region}. Deploy it: two-region deploy ${stage}`);
  return {
    region,
    read: async () => {
      const { document, version } = await object.read().catch((error: unknown) => {
        if (isNamed(error, 'NoSuchKey', 'NoSuchBucket')) throw missing('There is no');
        throw error;
      });
      if (!document) throw missing('This product did not write');
      return { document, version };
    },
    write: object.write,
  };
}

const BY: Readonly<Record<NonNullable<RouteDocument['by']>, string>> = {
  command: '',
  latch: ', held where a failover brought it',
  health: ', moved as the region was found ill',
};

/** Since when, by what and why traffic keeps away; a blank before it. Nothing where that was never said. */
export function describeRouteState({ since, by, reason }: RouteDocument): string {
  const held = BY[by ?? 'command'];
  return `${since === undefined ? '' : ` since ${since}`}${held}${reason === undefined ? '' : ` (${reason.replace(/\.$/, '')})`}`;
}
