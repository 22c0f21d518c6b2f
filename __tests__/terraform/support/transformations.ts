import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Block = Record<string, unknown>;

/** What moto can't do, and what the test applies instead. Nothing else is changed, and every use is printed. */
interface Transformation {
  readonly type: string;
  readonly what: string;
  readonly why: string;
  readonly apply: (resource: Block) => void;
}

const TRANSFORMATIONS: readonly Transformation[] = [
  {
    type: 'aws_dynamodb_table',
    what: 'replica left out',
    why: 'moto never finishes a table replica',
    apply: (resource) => {
      delete resource.replica;
    },
  },
];

/**
 * Rewrites a synthesized stack to what moto can apply.
 *
 * @param folder - the stack's folder in `cdktf.out`
 * @returns one line per change: address, what, why
 */
export function transformForMoto(folder: string): string[] {
  const file = join(folder, 'cdk.tf.json');
  const stack: { resource?: Record<string, Record<string, Block>> } = JSON.parse(readFileSync(file, 'utf8'));
  const changes: string[] = [];
  for (const { type, what, why, apply } of TRANSFORMATIONS) {
    for (const [name, resource] of Object.entries(stack.resource?.[type] ?? {})) {
      apply(resource);
      changes.push(`${type}.${name}: ${what} (${why})`);
    }
  }
  if (changes.length > 0) writeFileSync(file, JSON.stringify(stack, null, 2));
  return changes;
}
