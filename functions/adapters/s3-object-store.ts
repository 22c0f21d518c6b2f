import { HeadBucketCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore } from '#functions/ports/object-store.ts';

/** Objects in an S3 bucket. `check` needs `s3:ListBucket`, `putJson` needs `s3:PutObject`. */
export function s3ObjectStore(client: S3Client, bucketName: string): ObjectStore {
  return {
    async check(abortSignal) {
      await client.send(new HeadBucketCommand({ Bucket: bucketName }), { abortSignal });
    },

    async putJson(key, value) {
      const content = { Body: JSON.stringify(value), ContentType: 'application/json' };
      await client.send(new PutObjectCommand({ Bucket: bucketName, Key: key, ...content }));
    },
  };
}
