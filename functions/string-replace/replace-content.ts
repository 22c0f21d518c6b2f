import { BadRequestError } from '#functions/http/error-response.ts';
import { MAX_PAYLOAD_BYTES } from '#functions/lambda-payload.ts';
import type { Replace } from './current-replacements.ts';

/**
 * What a function may answer, less what is around the body; both are JSON, so the content is escaped twice.
 */
const mostBytes = MAX_PAYLOAD_BYTES - 1024;
const mostBytesPerUnit = '\\\\u0001'.length;

/**
 * Replaces the words of a content, as far as the result can be answered.
 *
 * @throws BadRequestError when the values make it too long
 */
export function replaceContent(replace: Replace, content: string): string {
  const replaced = withinEngine(() => replace(content));
  if (replaced === undefined || !fits(replaced)) {
    throw new BadRequestError('content: Too big: with its words replaced it is longer than 6 MB');
  }
  return replaced;
}

/** @returns undefined when the result is longer than a string can be */
function withinEngine(make: () => string): string | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function fits(content: string): boolean {
  if (content.length * mostBytesPerUnit <= mostBytes) return true;
  return content.length <= mostBytes && Buffer.byteLength(JSON.stringify(JSON.stringify(content))) <= mostBytes;
}
