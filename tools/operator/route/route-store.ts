import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ROUTE_KEY, type RouteDocument, readRoute, writeRoute } from '#constructs/route/route-document.ts';
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
  const missing = (what: string) =>
    new RouteStoreError(`${what} s3://${bucket}/${ROUTE_KEY} in ${region}. Deploy it: two-region deploy ${stage}`);
  return {
    region,
    read: async () => {
      const { Body, ETag = '' } = await s3
        .send(new GetObjectCommand({ Bucket: bucket, Key: ROUTE_KEY }))
        .catch((error: unknown) => {
          if (isNamed(error, 'NoSuchKey', 'NoSuchBucket')) throw missing('There is no');
          throw error;
        });
      const document = readRoute((await Body?.transformToString()) ?? '');
      if (!document) throw missing('This product did not write');
      return { document, version: ETag };
    },
    write: async (document, version) => {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: ROUTE_KEY,
        Body: writeRoute(document),
        ContentType: 'application/json',
        // Of two who write at once, S3 lets one: Amazon S3 User Guide, "How to prevent object overwrites with conditional writes".
        IfMatch: version,
      });
      try {
        await s3.send(command);
        return true;
      } catch (error) {
        if (isNamed(error, 'PreconditionFailed', 'ConditionalRequestConflict')) return false;
        throw error;
      }
    },
  };
}

function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

/** Since when, by what and why traffic keeps away; a blank before it. Nothing where that was never said. */
export function describeRouteState({ since, by, reason }: RouteDocument): string {
  const held = by === 'latch' ? ', held where a failover brought it' : '';
  return `${since === undefined ? '' : ` since ${since}`}${held}${reason === undefined ? '' : ` (${reason.replace(/\.$/, '')})`}`;
}
