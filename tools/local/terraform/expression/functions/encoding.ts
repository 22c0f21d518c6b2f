import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { toText } from '#local/terraform/expression/convert.ts';
import { sortKeys } from '#local/terraform/expression/order.ts';
import { type Json, toJson, type Value } from '#local/terraform/expression/value.ts';
import { type FunctionTable, unary } from './function-definition.ts';

/** Source: Terraform, "Functions", section Encoding. */
export const encodingFunctions: FunctionTable = {
  jsonencode: unary(encodeJson),
  jsondecode: unary((text) => decodeJson(toText(text))),
  base64encode: unary((text) => Buffer.from(toText(text)).toString('base64')),
  base64decode: unary((text) => Buffer.from(toText(text), 'base64').toString('utf8')),
  urlencode: unary((text) => encodeQuery(toText(text))),
};

/** `jsonencode`: keys sorted, no spaces, and `<`, `>`, `&` and the line separators escaped as Go's encoder does. */
export function encodeJson(value: Value): string {
  const escapeCharacter = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(sortKeys(toJson(value))).replace(/[<>&\u2028\u2029]/g, escapeCharacter);
}

function decodeJson(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ExpressionError(`got text that is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** As Go's `url.QueryEscape`: a space becomes `+`. */
function encodeQuery(text: string): string {
  const escapeCharacter = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, escapeCharacter)
    .replaceAll('%20', '+');
}
