import type { Operation } from '#contract/operation.ts';

/**
 * The ARN that an operation's requests carry on a stage, path parameters as wildcards: what an invoke permission, or a caller's policy, is
 * limited to.
 *
 * Source: Amazon API Gateway Developer Guide, "Control access for invoking an API".
 */
export function sourceArn(api: { readonly executionArn: string }, stage: string, { method, path }: Operation): string {
  return `${api.executionArn}/${stage}/${method}${path.replaceAll(/\{[^}]+\}/g, '*')}`;
}
