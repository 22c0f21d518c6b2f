import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAwsChunked } from '#local/s3/protocol/aws-chunked.ts';

const encode = (chunks: readonly Uint8Array[], extension = '', trailer = '') =>
  Buffer.concat([
    ...chunks.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`0${extension}\r\n${trailer}\r\n`),
  ]);

describe('the content encoding aws-chunked', () => {
  it('any chunks, signed or not, become the bytes that they hold', () => {
    const chunk = fc.uint8Array({ minLength: 1, maxLength: 300 });
    const extension = fc.constantFrom('', `;chunk-signature=${'0'.repeat(64)}`);
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 6 }), extension, (chunks, signature) => {
        const { body, trailers } = decodeAwsChunked(encode(chunks, signature, 'x-amz-checksum-crc32: AAAA==\r\n'));
        expect(body.equals(Buffer.concat(chunks))).toBe(true);
        expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAA==' });
      }),
    );
  });

  it('a body that breaks off anywhere, or that is no chunks at all, is IncompleteBody', () => {
    const whole = encode([Buffer.from('hello'), Buffer.from('world')]);
    const end = whole.length - '\r\n'.length;
    for (let length = 0; length < end; length += 1) {
      expect(() => decodeAwsChunked(whole.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'IncompleteBody' }),
      );
    }
    for (const body of ['hello', '-1\r\n\r\n', 'zz\r\nab\r\n0\r\n', '3\r\nabcd\r\n0\r\n\r\n']) {
      expect(() => decodeAwsChunked(Buffer.from(body))).toThrow(expect.objectContaining({ code: 'IncompleteBody' }));
    }
  });
});
