import { exitCodeOf, isExpected } from './exit-codes.ts';

/**
 * Tells the user what went wrong: on stderr, or with `json` as one document `{"error": {"name", "message", "exitCode"}}` on stdout.
 *
 * @param debug - show where it was thrown, too
 */
export function reportError(error: unknown, { json, debug }: { json: boolean; debug: boolean }): void {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  if (json) console.log(JSON.stringify({ error: { name, message: plain(message), exitCode: exitCodeOf(error) } }));
  else if (debug && error instanceof Error) console.error(error);
  else console.error(isExpected(error) ? message : `${message}\n(DEBUG=1 shows where this came from.)`);
}

/** commander's messages begin with a word that the document's key says already. */
function plain(message: string): string {
  return message.replace(/^error: /, '');
}
