import { AwsError } from '#local/aws-endpoint/aws-error.ts';

/** Lists and maps within each other (DynamoDB Developer Guide, "Quotas", "Nested attribute depth"). */
const MAX_LEVELS = 32;

/**
 * Refuses attribute values that are nested too deep, wherever they stand in a request.
 *
 * @throws AwsError `ValidationException`
 */
export function requireNesting(input: unknown): void {
  // With a list of its own instead of recursion: a hostile body may be nested deeper than the stack.
  const open: { readonly value: unknown; readonly level: number }[] = [{ value: input, level: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, level } = next;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, child] of Object.entries(value)) {
      const isNesting = (name === 'L' && Array.isArray(child)) || (name === 'M' && typeof child === 'object');
      if (isNesting && level >= MAX_LEVELS) {
        throw new AwsError(
          400,
          'ValidationException',
          'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
        );
      }
      open.push({ value: child, level: level + (isNesting ? 1 : 0) });
    }
  }
}
