import { createHash } from 'node:crypto';
import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { readFile } from './files/file.ts';
import { binary, type FunctionContext, type FunctionTable, text, unary } from './function-definition.ts';

type Source = (given: string, context: FunctionContext) => Buffer;

const ofText: Source = (given) => Buffer.from(given);
const ofFile: Source = (given, context) => readFile(given, context);

const hash = (algorithm: string, encoding: 'base64' | 'hex', source: Source) =>
  unary(text, (given, context) => createHash(algorithm).update(source(given, context)).digest(encoding));

/** Source: RFC 9562, "Namespace ID Usage and Allocation". */
const namespaces: Readonly<Record<string, string>> = {
  dns: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  url: '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
  oid: '6ba7b812-9dad-11d1-80b4-00c04fd430c8',
  x500: '6ba7b814-9dad-11d1-80b4-00c04fd430c8',
};

/** Source: Terraform, "Functions", section Hash and Crypto. */
export const hashFunctions: FunctionTable = {
  md5: hash('md5', 'hex', ofText),
  sha1: hash('sha1', 'hex', ofText),
  sha256: hash('sha256', 'hex', ofText),
  sha512: hash('sha512', 'hex', ofText),
  base64sha256: hash('sha256', 'base64', ofText),
  base64sha512: hash('sha512', 'base64', ofText),
  filemd5: hash('md5', 'hex', ofFile),
  filesha1: hash('sha1', 'hex', ofFile),
  filesha256: hash('sha256', 'hex', ofFile),
  filesha512: hash('sha512', 'hex', ofFile),
  filebase64sha256: hash('sha256', 'base64', ofFile),
  filebase64sha512: hash('sha512', 'base64', ofFile),
  uuidv5: binary(text, text, (namespace, name) => uuidOfName(namespace, name)),
};

/** Source: RFC 9562, "UUID Version 5". */
function uuidOfName(namespace: string, name: string): string {
  const given = Object.hasOwn(namespaces, namespace) ? (namespaces[namespace] ?? '') : namespace;
  const hexadecimal = given.replace(/^urn:uuid:|^\{(?=.*\}$)/i, '').replace(/\}$/, '');
  if (!/^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32})$/i.test(hexadecimal)) {
    throw new ExpressionError(
      `got the namespace ${JSON.stringify(namespace)}; allowed are dns, url, oid, x500 and a UUID`,
    );
  }
  const bytes = createHash('sha1')
    .update(Buffer.from(hexadecimal.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
