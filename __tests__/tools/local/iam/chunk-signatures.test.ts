import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findWrongChunk } from '#local/iam/signature/chunk-signatures.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const key = ['20130524', 'us-east-1', 's3', 'aws4_request'].reduce(
  (derived, part) => createHmac('sha256', derived).update(part).digest(),
  Buffer.from(`AWS4${secret}`),
);
const scope = { key, timestamp: '20130524T000000Z', scope: '20130524/us-east-1/s3/aws4_request' };
const PLAIN = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';

/** The examples of the Amazon S3 API Reference: 65,536 bytes, 1,024 bytes, nothing. */
const EXAMPLES = {
  [PLAIN]: {
    seed: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    signatures: [
      'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
      '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
      'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
    ],
    trailers: '',
  },
  [`${PLAIN}-TRAILER`]: {
    seed: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
    signatures: [
      'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
      '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
      '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
    ],
    trailers:
      'x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n',
  },
};

function encode(signatures: readonly string[], trailers: string, letter = 'a'): Buffer {
  const chunks = [65_536, 1_024, 0].map((size, at) => {
    const header = `${size.toString(16)};chunk-signature=${signatures[at]}`;
    return size === 0 ? `${header}\r\n${trailers}\r\n` : `${header}\r\n${(at === 1 ? letter : 'a').repeat(size)}\r\n`;
  });
  return Buffer.from(chunks.join(''));
}

describe.each(Object.entries(EXAMPLES))(
  'signatures of the chunks of %s',
  (declared, { seed, signatures, trailers }) => {
    it("are right in AWS's own example", () => {
      expect(findWrongChunk(encode(signatures, trailers), declared, { ...scope, seed })).toBeUndefined();
    });

    it('are wrong when a chunk, a signature, their order or the request is another', () => {
      const swapped = [signatures[1] ?? '', signatures[0] ?? '', signatures[2] ?? ''];
      for (const body of [
        encode(signatures, trailers, 'b'),
        encode(swapped, trailers),
        encode([...signatures.slice(0, 2), signatures[0] ?? ''], trailers),
      ]) {
        expect(findWrongChunk(body, declared, { ...scope, seed })).toMatchObject({ given: expect.any(String) });
      }
      const other = { ...scope, seed: seed.replace(/^./, '0') };
      expect(findWrongChunk(encode(signatures, trailers), declared, other)?.given).toBe(signatures[0]);
    });
  },
);

it('trailers are wrong when one is another, or their signature is missing', () => {
  const declared = `${PLAIN}-TRAILER`;
  const { seed, signatures, trailers } = EXAMPLES[declared] ?? EXAMPLES[PLAIN];
  for (const changed of [trailers.replace('sOO8', 'sOO9'), trailers.replace(/x-amz-trailer-signature.*/, '')]) {
    const wrong = findWrongChunk(encode(signatures, changed), declared, { ...scope, seed });
    expect(wrong?.stringToSign).toMatch(/^AWS4-HMAC-SHA256-TRAILER\n/);
  }
});

it('nothing is verified of chunks without signatures, or of a body that is not in chunks', () => {
  const unsigned = Buffer.from('1\r\na\r\n0\r\n\r\n');
  expect(findWrongChunk(unsigned, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', { ...scope, seed: '' })).toBeUndefined();
  expect(findWrongChunk(Buffer.from('no chunks'), PLAIN, { ...scope, seed: '' })).toBeUndefined();
});
