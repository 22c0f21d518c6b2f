/**
 * Whether an ARN matches a pattern in which `*` stands for any text and `?` for one character.
 *
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators", `ArnLike`.
 */
export function matchesArn(pattern: string, arn: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === arn;
  const source = pattern.replace(/[\\^$.*+?()[\]{}|]/g, (special) => {
    if (special === '*') return '.*';
    return special === '?' ? '.' : `\\${special}`;
  });
  return new RegExp(`^${source}$`, 's').test(arn);
}
