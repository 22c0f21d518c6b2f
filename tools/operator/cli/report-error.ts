import { CommanderError } from 'commander';
import { errorReason } from '#functions/error-reason.ts';
import { exitCodeOf, isExpected } from './exit-codes.ts';

/** How `--json` tells an error. */
interface ErrorDocument {
  readonly error: { readonly name: string; readonly message: string; readonly exitCode: number };
}

/**
 * Tells the user what went wrong: on stderr, or with `json` as one document `{"error": {"name", "message", "exitCode"}}` on stdout. An error
 * with a `report` was thrown by a command that had done something by then: the report's keys stand in the document, too, beside `error`.
 *
 * @param debug - show where it was thrown, too
 */
export function reportError(error: unknown, { json, debug }: { json: boolean; debug: boolean }): void {
  if (json) console.log(JSON.stringify({ ...reportOf(error), ...errorDocument(error) }));
  // commander has written its own message already, to stderr.
  else if (error instanceof CommanderError) return;
  else if (debug && error instanceof Error) console.error(error);
  else
    console.error(
      isExpected(error) ? errorReason(error) : `${errorReason(error)}\n(DEBUG=1 shows where this came from.)`,
    );
}

function errorDocument(error: unknown): ErrorDocument {
  const name = error instanceof CommanderError ? 'UsageError' : error instanceof Error ? error.name : 'Error';
  // commander's messages begin with a word that the document's key says already.
  const message = errorReason(error).replace(/^error: /, '');
  return { error: { name, message, exitCode: exitCodeOf(error) } };
}

function reportOf(error: unknown): object {
  const report = error instanceof Error && 'report' in error ? error.report : undefined;
  return typeof report === 'object' && report !== null ? report : {};
}
