import { createHash } from 'node:crypto';
import { toText } from '#local/terraform/expression/convert.ts';
import type { Value } from '#local/terraform/expression/value.ts';
import { readFile } from './file.ts';
import { type FunctionContext, type FunctionTable, unary } from './function-definition.ts';

type Source = (value: Value, context: FunctionContext) => Buffer;

const ofText: Source = (value) => Buffer.from(toText(value));
const ofFile: Source = (value, context) => readFile(toText(value), context);

const hash = (algorithm: string, encoding: 'base64' | 'hex', source: Source) =>
  unary((value, context) => createHash(algorithm).update(source(value, context)).digest(encoding));

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
};
