import { AwsError } from '../aws-endpoint/aws-error.ts';

/** First and last byte, both included. */
interface ByteRange {
  readonly first: number;
  readonly last: number;
}

const RANGE = /^bytes=(?:(\d+)-(\d*)|-(\d+))$/;

/**
 * Reads a Range header. Several ranges, or anything that isn't one, count as no range (RFC 9110, 14.2; S3 serves one range only).
 *
 * @param length - of the object, bytes
 * @throws AwsError `InvalidRange` when the object has none of the bytes
 */
export function parseRange(header: string | undefined, length: number): ByteRange | undefined {
  const [, first, last, suffix] = RANGE.exec(header ?? '') ?? [];
  if (suffix !== undefined) {
    if (Number(suffix) === 0 || length === 0) throw invalidRange();
    return { first: Math.max(0, length - Number(suffix)), last: length - 1 };
  }
  if (first === undefined || (last && Number(last) < Number(first))) return undefined;
  if (Number(first) >= length) throw invalidRange();
  return { first: Number(first), last: last ? Math.min(Number(last), length - 1) : length - 1 };
}

const invalidRange = (): AwsError => new AwsError(416, 'InvalidRange', 'The requested range is not satisfiable.');
