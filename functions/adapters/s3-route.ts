import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ROUTE_KEY, readRoute, writeRoute } from '#contract/route-document.ts';
import type { RouteObject } from '#functions/ports/route-object.ts';

/** Calls nothing but S3 of the client's region. */
export function s3Route(s3: S3Client, bucket: string): RouteObject {
  return {
    read: async () => {
      const { Body, ETag = '' } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: ROUTE_KEY }));
      return { document: readRoute((await Body?.transformToString()) ?? ''), version: ETag };
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

/** Whether it is an error of one of these names, as AWS's SDK gives them. */
export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
