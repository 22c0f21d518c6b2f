/**
 * First digits of the SHA-256 of a REST API's content: the stack names documentation versions `<environment>-<hash>`.
 *
 * @returns nothing for a stage without such a version
 */
export function contentHashOf(
  stage: string,
  documentationVersion: string | undefined,
): { readonly contentHash?: string } {
  const start = `${stage}-`;
  return documentationVersion?.startsWith(start) ? { contentHash: documentationVersion.slice(start.length) } : {};
}
