import { mediaType } from '../../http/media-type.ts';
import type { RestIntegration } from '../../model/model.ts';

/** The entry for a `Content-Type`, its parameters left aside, or else the one for `$default`. */
export function selectByContentType<T>(entries: Readonly<Record<string, T>>, contentType: string): T | undefined {
  const sought = mediaType(contentType);
  const key = Object.keys(entries).find((candidate) => mediaType(candidate) === sought) ?? '$default';
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}

/**
 * Whether an integration takes a content type that it has no mapping template for.
 *
 * Source: Amazon API Gateway Developer Guide, "Method request behavior for payloads without mapping templates".
 */
export function isMediaTypeSupported(
  {
    type,
    passthroughBehavior,
    requestTemplates,
  }: Pick<RestIntegration, 'type' | 'passthroughBehavior' | 'requestTemplates'>,
  contentType: string,
): boolean {
  if (type === 'AWS_PROXY' || passthroughBehavior === 'WHEN_NO_MATCH') return true;
  if (selectByContentType(requestTemplates, contentType) !== undefined) return true;
  return passthroughBehavior === 'WHEN_NO_TEMPLATES' && Object.keys(requestTemplates).length === 0;
}
