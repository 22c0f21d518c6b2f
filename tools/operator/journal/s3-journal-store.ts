import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { EMPTY_JOURNAL, type JournalStore, parseJournal } from './switch-journal.ts';

/** A journal beside the state, in a bucket that keeps every version of it. */
export function s3JournalStore(s3: S3Client, Bucket: string, Key: string): JournalStore {
  return {
    read: async () => {
      const text = await readText(s3, Bucket, Key);
      return text === undefined ? EMPTY_JOURNAL : parseJournal(text, `s3://${Bucket}/${Key}`);
    },
    write: async (journal) => {
      const Body = JSON.stringify(journal, null, 2);
      await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json' }));
    },
  };
}

async function readText(s3: S3Client, Bucket: string, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}
