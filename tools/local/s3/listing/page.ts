import { invalidArgument } from '#local/s3/protocol/errors.ts';
import type { Xml } from '#local/s3/protocol/write-xml.ts';

/** The most that one listing answers (Amazon S3 API Reference: max-keys, max-uploads, max-parts). */
const MAX_ENTRIES = 1000;
const MAX_INTEGER = 2 ** 31 - 1;

/** The parameters that every listing of keys has. */
interface ListQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly limit: number;
  /** As the response writes keys, prefixes and delimiters. */
  readonly encode: (text: string) => string;
  /** `EncodingType`, where it was asked for. */
  readonly encodingType: Xml;
}

/** @throws AwsError `InvalidArgument` */
export function readListQuery(query: URLSearchParams, limitName: 'max-keys' | 'max-uploads'): ListQuery {
  const encoding = query.get('encoding-type');
  if (encoding !== null && encoding !== 'url') {
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encoding);
  }
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    limit: readLimit(query, limitName),
    encode: encoding === null ? (text) => text : encodeKey,
    encodingType: ['EncodingType', encoding ?? undefined],
  };
}

/**
 * How many entries are asked for; more than S3 answers are as many as it does.
 *
 * @throws AwsError `InvalidArgument`
 */
export function readLimit(query: URLSearchParams, name: 'max-keys' | 'max-parts' | 'max-uploads'): number {
  const text = query.get(name) || String(MAX_ENTRIES);
  if (!/^[+-]?\d{1,10}$/.test(text) || Math.abs(Number(text)) > MAX_INTEGER) {
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, text);
  }
  if (Number(text) < 0) {
    throw invalidArgument(`Argument ${name} must be an integer between 0 and ${MAX_INTEGER}`, name, text);
  }
  return Math.min(Number(text), MAX_ENTRIES);
}

/** Percent-encoding as `encoding-type=url` has it: a blank is a plus, slash and asterisk stay, tilde does not. */
function encodeKey(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1).replaceAll('%2F', '/').replaceAll('~', '%7E');
}

interface Entry<Value> {
  /** Key, or common prefix. */
  readonly name: string;
  /** Absent: a common prefix. */
  readonly value?: Value;
}

/**
 * One page of a listing.
 *
 * @param entries - in the order of their keys' UTF-8 bytes; a key may have several
 * @param after - only what comes after this key or common prefix
 * @param continues - whether a value of the very key `after` belongs to this page
 * @returns keys and common prefixes in order, and the last of them when there are more
 */
export function readPage<Value>(
  entries: Iterable<readonly [key: string, value: Value]>,
  { prefix, delimiter, limit, after }: Pick<ListQuery, 'delimiter' | 'limit' | 'prefix'> & { readonly after: string },
  continues: (value: Value) => boolean = () => false,
): { readonly page: readonly Entry<Value>[]; readonly last: Entry<Value> | undefined } {
  const page: Entry<Value>[] = [];
  const afterBytes = Buffer.from(after);
  for (const [key, value] of entries) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const entry = end < 0 ? { name: key, value } : { name: key.slice(0, end + delimiter.length) };
    if (after !== '') {
      const order = Buffer.compare(Buffer.from(entry.name), afterBytes);
      if (order < 0 || (order === 0 && !('value' in entry && continues(value)))) continue;
    }
    const isCommonPrefix = !('value' in entry);
    if (isCommonPrefix && page.at(-1)?.name === entry.name) continue;
    // One more than asked for: there's another page. None asked for is an answer, not a page.
    if (page.length === limit) return { page, last: page.at(-1) };
    page.push(entry);
  }
  return { page, last: undefined };
}

/** `CommonPrefixes` of a page. */
export const prefixElements = <Value>(page: readonly Entry<Value>[], encode: ListQuery['encode']): Xml[] =>
  page.filter((entry) => !('value' in entry)).map(({ name }) => ['CommonPrefixes', [['Prefix', encode(name)]]]);
