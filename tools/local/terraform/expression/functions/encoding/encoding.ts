import { gzipSync } from 'node:zlib';
import { ExpressionError } from '#local/terraform/addressed-error.ts';
import {
  anyOrNull,
  binary,
  type FunctionTable,
  text,
  unary,
} from '#local/terraform/expression/functions/function-definition.ts';
import { decodeJson, encodeJson } from '#local/terraform/expression/value/json.ts';
import { normalText } from '#local/terraform/expression/value/text.ts';

/** Source: Terraform, "Functions", section Encoding. */
export const encodingFunctions: FunctionTable = {
  jsonencode: unary(anyOrNull, encodeJson),
  jsondecode: unary(text, decodeJson),
  base64encode: unary(text, (given) => Buffer.from(given).toString('base64')),
  base64decode: unary(text, (given) => decodeUtf8(decodeBase64(given))),
  base64gzip: unary(text, gzip),
  textencodebase64: binary(text, text, (given, encoding) => encodeText(given, encoding).toString('base64')),
  textdecodebase64: binary(text, text, (given, encoding) => decodeText(decodeBase64(given), encoding)),
  urlencode: unary(text, encodeQuery),
};

/** Source: RFC 4648: line breaks are skipped, padding is needed. Bits behind the last byte may be anything. */
function decodeBase64(given: string): Buffer {
  const packed = given.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(packed)) {
    throw new ExpressionError('got text that is not valid base64');
  }
  return Buffer.from(packed, 'base64');
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return normalText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new ExpressionError('what is encoded is not valid UTF-8');
  }
}

/** The compressed bytes are another than Terraform's, whose compressor is Go's; they unpack to the same text. */
function gzip(given: string): string {
  return gzipSync(given).toString('base64');
}

/** Source: Go, `url.QueryEscape`. */
function encodeQuery(given: string): string {
  return encodeURIComponent(given.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

const encodings: Readonly<Record<string, { readonly buffer: BufferEncoding; readonly mostCodePoint: number }>> = {
  'utf-8': { buffer: 'utf8', mostCodePoint: 0x10ffff },
  'utf-16le': { buffer: 'utf16le', mostCodePoint: 0x10ffff },
  'utf-16be': { buffer: 'utf16le', mostCodePoint: 0x10ffff },
  'iso-8859-1': { buffer: 'latin1', mostCodePoint: 0xff },
  'us-ascii': { buffer: 'latin1', mostCodePoint: 0x7f },
};

function encodingOf(name: string) {
  const known = name
    .toLowerCase()
    .replace(/^(?:utf8)$/, 'utf-8')
    .replace(/^(?:latin1|l1)$/, 'iso-8859-1')
    .replace(/^ascii$/, 'us-ascii');
  const encoding = Object.hasOwn(encodings, known) ? encodings[known] : undefined;
  if (encoding) return { ...encoding, isSwapped: known === 'utf-16be' };
  throw new ExpressionError(`got the encoding ${name}; the local runtime knows ${Object.keys(encodings).join(', ')}`);
}

function encodeText(given: string, name: string): Buffer {
  const { buffer, mostCodePoint, isSwapped } = encodingOf(name);
  if ([...given].some((character) => (character.codePointAt(0) ?? 0) > mostCodePoint)) {
    throw new ExpressionError(`got characters that ${name} does not have`);
  }
  const bytes = Buffer.from(given, buffer);
  return isSwapped ? bytes.swap16() : bytes;
}

function decodeText(bytes: Buffer, name: string): string {
  const { buffer, mostCodePoint, isSwapped } = encodingOf(name);
  if (buffer === 'utf16le' && bytes.length % 2 === 1) throw new ExpressionError(`got half a character of ${name}`);
  const decoded = (isSwapped ? bytes.swap16() : bytes).toString(buffer);
  if (decoded.includes('\ufffd') || [...decoded].some((character) => (character.codePointAt(0) ?? 0) > mostCodePoint)) {
    throw new ExpressionError(`got bytes that mean nothing in ${name}`);
  }
  return normalText(decoded);
}
