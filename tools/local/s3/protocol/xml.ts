import { parseXML } from '@aws-sdk/xml-builder';
import { z } from 'zod';
import type { Checksum } from './checksums.ts';
import { malformedXml } from './errors.ts';
import { S3_NAMESPACE, type Xml, xmlDocument } from './write-xml.ts';

/** Code units of a character beyond the first plane, which the SDK's parser cuts to one. */
const WIDE_REFERENCE = /&#(?:x([0-9a-fA-F]{5,6})|(\d{5,7}));/g;

/**
 * Reads a request's XML document.
 *
 * @param root - name of its element
 * @throws AwsError `MalformedXML`
 */
export function readXml<Schema extends z.ZodType>(body: Buffer, root: string, schema: Schema): z.infer<Schema> {
  let content: unknown;
  try {
    content = Reflect.get(parseXML(body.toString().replace(WIDE_REFERENCE, wideCharacter)), root);
  } catch {
    throw malformedXml();
  }
  const result = schema.safeParse(content);
  if (!result.success) throw malformedXml();
  return result.data;
}

/** Elements of one name: the parser gives one that stands alone without a list. */
export const elements = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === undefined || value === '' ? [] : [value].flat()), z.array(schema));

function wideCharacter(reference: string, hexadecimal: string | undefined, decimal: string | undefined): string {
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  return code > 0xffff && code <= 0x10ffff ? String.fromCodePoint(code) : reference;
}

/** An operation's result, in S3's namespace. */
export function xmlResponse(name: string, content: Xml[1], headers: Readonly<Record<string, string>> = {}) {
  const body = xmlDocument([name, content, { xmlns: S3_NAMESPACE }]);
  return { status: 200, headers: { 'content-type': 'application/xml', ...headers }, body };
}

/** `ChecksumCRC32` and its like, with its type. */
export const checksumElements = ({ algorithm, value, type }: Checksum, withType = true): Xml[] => [
  [`Checksum${algorithm}`, value],
  ...(withType ? [['ChecksumType', type] satisfies Xml] : []),
];
