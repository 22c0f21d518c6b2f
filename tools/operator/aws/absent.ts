/** What API Gateway, Lambda and IAM say of something that isn't there. */
const ABSENT: ReadonlySet<string> = new Set([
  'NotFoundException',
  'ResourceNotFoundException',
  'NoSuchEntityException',
]);

/** Waits for an answer; `undefined` when AWS says that there is no such thing: by the error's name, or by status 404 alone. */
export async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Whether AWS says by an error that there is no such thing. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && (ABSENT.has(error.name) || statusOf(error) === 404);
}

function statusOf(error: Error): unknown {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  return typeof metadata === 'object' && metadata && 'httpStatusCode' in metadata ? metadata.httpStatusCode : undefined;
}
