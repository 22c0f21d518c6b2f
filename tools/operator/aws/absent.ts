/** What API Gateway, Lambda and IAM say of something that isn't there. */
const ABSENT: ReadonlySet<string> = new Set([
  'NotFoundException',
  'ResourceNotFoundException',
  'NoSuchEntityException',
]);

/** Waits for an answer; `undefined` when AWS says that there is no such thing. */
export async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && ABSENT.has(error.name)) return undefined;
    throw error;
  }
}
