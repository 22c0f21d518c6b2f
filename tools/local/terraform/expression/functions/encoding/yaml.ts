import { createRequire } from 'node:module';
import type { Pair, Scalar } from 'yaml';
import { ExpressionError } from '#local/terraform/addressed-error.ts';
import {
  anyOrNull,
  type FunctionTable,
  text,
  unary,
} from '#local/terraform/expression/functions/function-definition.ts';
import { BigFloat } from '#local/terraform/expression/value/big-float.ts';
import { normalText } from '#local/terraform/expression/value/text.ts';
import { Mapping, NULL, Sequence, type Value } from '#local/terraform/expression/value/value.ts';
import { encodeYaml } from './yaml-text.ts';

/** The parser is loaded when the first document is read: few stacks have one. */
const loadYaml = (): typeof import('yaml') => createRequire(import.meta.url)('yaml');

/** More values than a document ever has, which aliases of aliases can make, are refused. */
const MOST_VALUES = 100_000;

/** Source: Terraform, "yamlencode" and "yamldecode"; what a plain scalar means, go-cty-yaml. */
export const yamlFunctions: FunctionTable = {
  yamlencode: unary(anyOrNull, encodeYaml),
  yamldecode: unary(text, decodeYaml),
};

function decodeYaml(given: string): Value {
  const { isAlias, isMap, isScalar, isSeq, parseAllDocuments } = loadYaml();
  const documents = parseAllDocuments(given, {
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    logLevel: 'error',
  });
  if (!Array.isArray(documents) || documents.length === 0) throw new ExpressionError('got no YAML document');
  const [document] = documents;
  if (!document || documents.length > 1)
    throw new ExpressionError('got several YAML documents, only one can be decoded');
  const [problem] = document.errors;
  if (problem) throw new ExpressionError(`got text that is no YAML: ${problem.message.split('\n')[0]}`);
  let count = 0;
  const decode = (node: unknown): Value => {
    count += 1;
    if (count > MOST_VALUES) throw new ExpressionError(`got YAML of more than ${MOST_VALUES} values`);
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (!target) throw new ExpressionError(`the alias *${node.source} has no anchor`);
      return decode(target);
    }
    if (isScalar(node)) return scalarValue(node);
    if (isSeq(node)) return Sequence.tuple(node.items.map(decode));
    if (isMap(node)) return Mapping.object(node.items.flatMap((pair) => membersOf(pair, decode)));
    return NULL;
  };
  return decode(document.contents);
}

/** A `<<` key brings in the members of a mapping. Source: YAML, "Merge Key Language-Independent Type". */
function membersOf({ key, value }: Pair, decode: (node: unknown) => Value): (readonly [string, Value])[] {
  const { isScalar } = loadYaml();
  const isMerge = isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
  if (isMerge) {
    const merged = decode(value);
    const sources = merged instanceof Sequence ? merged.items.toReversed() : [merged];
    return sources.flatMap((source) => {
      if (!(source instanceof Mapping)) throw new ExpressionError('a merge key << takes a mapping or a list of them');
      return [...source.members];
    });
  }
  const name = decode(key);
  if (typeof name === 'string') return [[name, decode(value)]];
  if (typeof name === 'boolean' || name instanceof BigFloat)
    return [[isScalar(key) ? String(key.value) : '', decode(value)]];
  throw new ExpressionError('a key of a YAML mapping must be a text');
}

const bools: Readonly<Record<string, boolean>> = Object.fromEntries([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true]),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false]),
]);
const nulls: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);
const integer = /^(?:[-+]?\d+|0o[0-7]+|0x[0-9a-fA-F]+)$/;
const decimal = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const day = /^\d{4}-\d\d?-\d\d?$/;
const time = /^(\d{4})-(\d\d?)-(\d\d?)[Tt ](\d\d?):(\d\d?):(\d\d?)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/;

function scalarValue(node: Scalar): Value {
  const source = String(node.value ?? '');
  const tag = node.tag;
  if (node.type !== 'PLAIN' && (tag === undefined || tag === '!' || tag.endsWith(':str'))) return normalText(source);
  if (tag?.endsWith(':str')) return normalText(source);
  if (tag !== undefined && !/:(?:bool|float|int|null|timestamp|binary)$/.test(tag))
    throw new ExpressionError(`got the tag ${tag}`);
  if (Object.hasOwn(bools, source)) return bools[source] ?? false;
  if (nulls.has(source)) return NULL;
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(source)) return BigFloat.float(source.startsWith('-') ? -Infinity : Infinity);
  if (/^\.(?:nan|NaN|NAN)$/.test(source)) throw new ExpressionError('got .nan, which is no number to Terraform');
  if (integer.test(source) || decimal.test(source)) {
    const number = BigFloat.parse(source) ?? BigFloat.whole(BigInt(source));
    return number;
  }
  return timestamp(source) ?? normalText(source);
}

/** A time is a text in the form of RFC 3339. */
function timestamp(source: string): string | undefined {
  if (day.test(source)) {
    const [year, month = '', date = ''] = source.split('-');
    return `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}T00:00:00Z`;
  }
  const [, year, ...parts] = time.exec(source) ?? [];
  if (year === undefined) return undefined;
  const [month, date, hour, minute, second] = parts.slice(0, 5).map((part) => (part ?? '').padStart(2, '0'));
  return `${year}-${month}-${date}T${hour}:${minute}:${second}${parts[5] ?? 'Z'}`;
}
