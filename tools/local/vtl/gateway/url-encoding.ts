import { TemplateInputError } from '../template-error.ts';

/** `application/x-www-form-urlencoded` in UTF-8, as `java.net.URLEncoder`: a lone surrogate becomes `%3F`. */
export function urlEncode(text: string): string {
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
export function urlDecode(text: string): string {
  const broken = /%(?![0-9a-fA-F]{2})/.exec(text);
  if (broken)
    throw new TemplateInputError(
      `Could not decode text: % at ${broken.index} isn't followed by two hexadecimal digits.`,
    );
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-fA-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'));
}
