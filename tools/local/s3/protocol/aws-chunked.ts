import { S3Error } from './errors.ts';

interface ChunkedBody {
  readonly body: Buffer;
  /** Lower-case name → value. */
  readonly trailers: Readonly<Record<string, string>>;
}

/** `<hexadecimal size>[;chunk-signature=…]`. */
const CHUNK_HEADER = /^([0-9a-fA-F]{1,8})(?:;.*)?$/;

/**
 * Takes a body in the content encoding `aws-chunked` apart: chunks, each after its size, a chunk of size 0, then trailers.
 *
 * Source: Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks" and
 * "… with trailing headers". The chunks' signatures are verified with that of the request.
 *
 * @throws AwsError `IncompleteBody`
 */
export function decodeAwsChunked(encoded: Buffer): ChunkedBody {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const header = readLine(encoded, position);
    const size = Number.parseInt(CHUNK_HEADER.exec(header.text)?.[1] ?? '', 16);
    if (Number.isNaN(size)) throw incompleteBody(`'${header.text.slice(0, 40)}' is not the size of a chunk`);
    position = header.end;
    if (size === 0) return { body: Buffer.concat(chunks), trailers: readTrailers(encoded.subarray(position)) };
    const end = position + size;
    if (encoded.toString('latin1', end, end + 2) !== '\r\n') {
      throw incompleteBody(`a chunk of ${size} bytes doesn't end where it should`);
    }
    chunks.push(encoded.subarray(position, end));
    position = end + 2;
  }
}

function readLine(encoded: Buffer, start: number): { readonly text: string; readonly end: number } {
  const newline = encoded.indexOf('\r\n', start, 'latin1');
  if (newline < 0) throw incompleteBody('the body ends within a chunk');
  return { text: encoded.toString('latin1', start, newline), end: newline + 2 };
}

function readTrailers(encoded: Buffer): Readonly<Record<string, string>> {
  const lines = encoded.toString('latin1').split(/\r?\n/);
  return Object.fromEntries(
    lines
      .map((line) => line.split(/:(.*)/s))
      .flatMap(([name, value]) => (name && value !== undefined ? [[name.trim().toLowerCase(), value.trim()]] : [])),
  );
}

/** The body isn't what its headers announce. */
export const incompleteBody = (cause: string): S3Error =>
  new S3Error(
    400,
    'IncompleteBody',
    `You did not provide the number of bytes specified by the Content-Length HTTP header: ${cause}.`,
  );
