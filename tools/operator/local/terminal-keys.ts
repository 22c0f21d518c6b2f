import type { ReadStream } from 'node:tty';
import { errorReason } from '#functions/error-reason.ts';

/** A key that does something. */
export interface Key {
  /** One character. */
  readonly key: string;
  /** In words: `clear`. */
  readonly what: string;
  readonly press: () => void;
}

const CTRL_C = '\u0003';
const CTRL_Z = '\u001a';

/**
 * Reads single keys at a terminal, and says once which there are. Ctrl-C and Ctrl-Z do what they do everywhere; Enter makes an empty line.
 *
 * @param tell - prints a line
 * @returns undefined where there is no terminal, or the process runs behind a shell's back
 */
export function readKeys(
  keys: readonly Key[],
  tell: (line: string) => void,
  input: ReadStream = process.stdin,
): { close(): void } | undefined {
  if (!input.isTTY) return undefined;
  const press = (character: string) => {
    if (character === CTRL_C) process.kill(process.pid, 'SIGINT');
    else if (character === CTRL_Z) suspend();
    else if (character === '\r') tell('');
    else if (character === '?') tell(describeKeys(keys));
    else pressKey(keys, character, tell);
  };
  const read = (characters: string) => [...characters].forEach(press);
  const raw = () => input.setRawMode(true);
  const suspend = () => {
    input.setRawMode(false);
    process.kill(process.pid, 'SIGTSTP');
  };
  raw();
  process.on('SIGCONT', raw);
  input.setEncoding('utf8').on('data', read);
  tell(describeKeys(keys));
  return {
    close: () => {
      process.off('SIGCONT', raw);
      input.off('data', read).pause();
      input.setRawMode(false);
    },
  };
}

function pressKey(keys: readonly Key[], character: string, tell: (line: string) => void): void {
  try {
    keys.find(({ key }) => key === character.toLowerCase())?.press();
  } catch (error) {
    tell(errorReason(error));
  }
}

const describeKeys = (keys: readonly Key[]): string =>
  `Keys: ${keys.map(({ key, what }) => `${key} ${what}`).join(', ')}; ? says them again.`;
