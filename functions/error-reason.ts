/** What an error says; where it says nothing, as some of AWS's do, its name. Of what is thrown and is no error, its text. */
export function errorReason(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
