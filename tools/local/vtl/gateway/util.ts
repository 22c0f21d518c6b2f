import { parseJson } from '#local/vtl/java/json.ts';
import { HostObject, textOf, type Value } from '#local/vtl/java/value.ts';
import { TemplateInputError } from '#local/vtl/limits.ts';

const NAMED: Readonly<Record<string, string>> = { '\b': '\\b', '\n': '\\n', '\t': '\\t', '\f': '\\f', '\r': '\\r' };

const functions: ReadonlyMap<string, (text: string) => Value> = new Map<string, (text: string) => Value>([
  ['escapeJavaScript', escapeJavaScript],
  ['parseJson', readJson],
  ['urlEncode', urlEncode],
  ['urlDecode', urlDecode],
  ['base64Encode', (text) => Buffer.from(text, 'utf8').toString('base64')],
  ['base64Decode', (text) => Buffer.from(text, 'base64').toString('utf8')],
]);

/**
 * `$util`, the same for every request. Of null, each gives nothing.
 *
 * Source: Amazon API Gateway Developer Guide, "Variables for data transformations for API Gateway", "$util functions"; recorded on AWS
 * (`$util.urlEncode($input.body.of)` renders nothing).
 */
class Util extends HostObject {
  readonly className = 'util';

  override getProperty(): Value {
    return null;
  }

  override callMethod(name: string, [argument = null, more]: readonly Value[]): Value | undefined {
    const run = functions.get(name);
    if (run === undefined || more !== undefined) return undefined;
    return argument === null ? null : run(textOf(argument));
  }
}

export const util = new Util();

function readJson(text: string): Value {
  try {
    return parseJson(text);
  } catch (error) {
    throw new TemplateInputError(
      `Could not parse text into json: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * `$util.escapeJavaScript`: quotes (the single one, too), backslash and slash get a backslash; control and non-ASCII characters become
 * `\uXXXX`.
 *
 * Source: Amazon API Gateway Developer Guide, "Variables for data transformations for API Gateway", "$util functions"; Apache Commons Lang,
 * `StringEscapeUtils.escapeJavaScript`.
 */
function escapeJavaScript(text: string): string {
  return text.replace(/[^ !#-&(-.0-[\]-\x7f]/g, (character) => {
    if (/['"\\/]/.test(character)) return `\\${character}`;
    return NAMED[character] ?? `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

/** `application/x-www-form-urlencoded` in UTF-8, as `java.net.URLEncoder`: a lone surrogate becomes `%3F`. */
function urlEncode(text: string): string {
  const wellFormed = text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?');
  return encodeURIComponent(wellFormed)
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * The inverse, as `java.net.URLDecoder`: bytes that aren't UTF-8 become U+FFFD.
 *
 * @throws TemplateInputError when a percent sign isn't followed by two hexadecimal digits
 */
function urlDecode(text: string): string {
  const broken = /%(?![0-9a-fA-F]{2})/.exec(text);
  if (broken)
    throw new TemplateInputError(
      `Could not decode text: % at ${broken.index} isn't followed by two hexadecimal digits.`,
    );
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-fA-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'));
}
