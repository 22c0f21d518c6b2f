import { createHash, timingSafeEqual } from 'node:crypto';
import { currentValue, type ValueSource } from '#functions/current-value.ts';

/** Letters and digits of a key's SHA-256 by which it is known in logs, as the stacks name it. They open nothing. */
const FINGERPRINT_DIGITS = 8;

/** Length of a key. Source: Amazon API Gateway Developer Guide, "API Gateway API key file format". */
const LEAST_CHARACTERS = 20;
const MOST_CHARACTERS = 128;

/** Who holds a key. */
export interface KeyHolder {
  readonly fingerprint: string;
}

/** What became of a request's key; `unavailable`: there never was a list of keys that could be read. */
export type Admission = KeyHolder | 'refused' | 'unavailable';

/** Looks at the key that a request has sent. */
export type AdmitKey = (key: string | undefined) => Promise<Admission>;

/**
 * Admits whoever sends one of several keys. The list is read anew within its lifetime, so that keys come and go without a restart; where it
 * cannot be read or is none, the last good one stays.
 *
 * @param source - reads the keys, separated by commas
 */
export function apiKeys(source: Omit<ValueSource<readonly Buffer[]>, 'parse' | 'what'>): AdmitKey {
  const current = currentValue({ ...source, what: 'list of API keys', parse: parseKeys });
  return async (key) => {
    const admitted = await current();
    if (admitted === undefined) return 'unavailable';
    const given = digest(key ?? '');
    let isOne = false;
    // Each is looked at, all over: how long it takes says nothing of how much of which key was right.
    for (const one of admitted) if (timingSafeEqual(one, given)) isOne = true;
    return isOne && key !== undefined ? { fingerprint: given.toString('hex').slice(0, FINGERPRINT_DIGITS) } : 'refused';
  };
}

/** Digests have one length, whatever a key's. @throws Error that says how many keys are too short or too long, without any of them */
function parseKeys(text: string): readonly Buffer[] {
  const keys = text.split(',').map((key) => key.trim());
  const wrong = keys.filter(({ length }) => length < LEAST_CHARACTERS || length > MOST_CHARACTERS);
  if (wrong.length > 0) {
    throw new Error(
      `${wrong.length} of ${keys.length} API keys have another length than ${LEAST_CHARACTERS} to ${MOST_CHARACTERS} characters.`,
    );
  }
  return keys.map(digest);
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
