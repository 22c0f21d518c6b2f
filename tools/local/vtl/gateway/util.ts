import { textArgument } from '../java/text.ts';
import { TemplateInputError } from '../template-error.ts';
import { HOST, type HostObject, toValue, type Value } from '../values.ts';
import { escapeJavaScript } from './escape-javascript.ts';
import { urlDecode, urlEncode } from './url-encoding.ts';

const functions: ReadonlyMap<string, (text: string) => Value> = new Map<string, (text: string) => Value>([
  ['escapeJavaScript', escapeJavaScript],
  ['parseJson', parseJson],
  ['urlEncode', urlEncode],
  ['urlDecode', urlDecode],
  ['base64Encode', (text) => Buffer.from(text, 'utf8').toString('base64')],
  ['base64Decode', (text) => Buffer.from(text, 'base64').toString('utf8')],
]);

/**
 * `$util`, the same for every request.
 *
 * Source: Amazon API Gateway Developer Guide, "Variables for data transformations for API Gateway", "$util functions".
 */
export const util: HostObject = {
  [HOST]: true,
  getProperty: () => undefined,
  callMethod: (name, args) => functions.get(name)?.(args.length === 0 ? '' : textArgument(args, 0)),
};

function parseJson(text: string): Value {
  try {
    return toValue(JSON.parse(text));
  } catch (error) {
    throw new TemplateInputError(
      `Could not parse text into json: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
