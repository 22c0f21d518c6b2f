import { createHmac, hash } from 'node:crypto';

/** What the signatures of chunks are made with, besides what they cover. */
interface ChunkScope {
  readonly key: Buffer;
  /** `20130524T000000Z`. */
  readonly timestamp: string;
  /** `20130524/us-east-1/s3/aws4_request`. */
  readonly scope: string;
  /** Of the request's headers: what the first chunk's signature follows. */
  readonly seed: string;
}

/** A signature that isn't the right one. */
interface WrongSignature {
  readonly given: string;
  readonly stringToSign: string;
}

const EMPTY_HASH = hash('sha256', '', 'hex');
const CHUNK_HEADER = /^([0-9a-f]{1,8})(?:;chunk-signature=([0-9a-f]*))?$/i;
const TRAILER_SIGNATURE = 'x-amz-trailer-signature';

/**
 * Verifies the signatures of a body's chunks, each of which covers the one before it, and of its trailers.
 *
 * Source: Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks" and "…
 * Including Trailing Headers (Chunked Upload)".
 *
 * @param declared - `x-amz-content-sha256`: `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`, with `-TRAILER` or not; of anything else nothing is verified
 * @returns `undefined` when all are right, and for a body that isn't in chunks: whoever decodes it says so
 */
export function findWrongChunk(body: Buffer, declared: string, scope: ChunkScope): WrongSignature | undefined {
  const isSigned = /^STREAMING-AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?$/.test(declared);
  if (!isSigned) return undefined;
  let previous = scope.seed;
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at, 'latin1');
    const [, hexadecimal, given = ''] = CHUNK_HEADER.exec(body.toString('latin1', at, Math.max(end, at))) ?? [];
    if (hexadecimal === undefined) return undefined;
    const size = Number.parseInt(hexadecimal, 16);
    const start = end + '\r\n'.length;
    const content = hash('sha256', body.subarray(start, start + size), 'hex');
    const wrong = check(scope, 'PAYLOAD', [previous, EMPTY_HASH, content], given);
    if (wrong) return wrong;
    previous = given;
    if (size > 0) at = start + size + '\r\n'.length;
    else
      return declared.endsWith('-TRAILER') ? checkTrailers(body.toString('latin1', start), previous, scope) : undefined;
  }
}

function checkTrailers(text: string, previous: string, scope: ChunkScope): WrongSignature | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  const isSignature = (line: string) => line.toLowerCase().startsWith(`${TRAILER_SIGNATURE}:`);
  const given =
    lines
      .find(isSignature)
      ?.slice(TRAILER_SIGNATURE.length + 1)
      .trim() ?? '';
  const canonical = lines
    .filter((line) => !isSignature(line))
    .map((line) => {
      const colon = line.indexOf(':');
      return `${line.slice(0, colon).trim().toLowerCase()}:${line.slice(colon + 1).trim()}\n`;
    })
    .sort();
  return check(scope, 'TRAILER', [previous, hash('sha256', canonical.join(''), 'hex')], given);
}

function check(
  { key, timestamp, scope }: ChunkScope,
  kind: 'PAYLOAD' | 'TRAILER',
  covered: readonly string[],
  given: string,
): WrongSignature | undefined {
  const stringToSign = [`AWS4-HMAC-SHA256-${kind}`, timestamp, scope, ...covered].join('\n');
  const expected = createHmac('sha256', key).update(stringToSign).digest('hex');
  return expected === given.toLowerCase() ? undefined : { given, stringToSign };
}
