export const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** An XML element: text, or elements within. An element whose content is undefined is left out. */
export type Xml = readonly [
  name: string,
  content: string | number | boolean | readonly Xml[] | undefined,
  attributes?: Readonly<Record<string, string>>,
];

/** An XML 1.0 document with the element as its root. */
export const xmlDocument = (root: Xml): string => `<?xml version="1.0" encoding="UTF-8"?>\n${write(root)}`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters go as character references, as S3 writes keys that hold them. */
const escapeText = (text: string): string =>
  text.replace(/[&<>"\p{Cc}]/gu, (character) => ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`);

function write([name, content, attributes = {}]: Xml): string {
  if (content === undefined) return '';
  const inner = typeof content === 'object' ? content.map(write).join('') : escapeText(String(content));
  const given = Object.entries(attributes).map(([attribute, value]) => ` ${attribute}="${escapeText(value)}"`);
  return `<${name}${given.join('')}>${inner}</${name}>`;
}
