import { z } from 'zod';

/** Schema of a nested block that may stand once or more: in the JSON an object, or a list of them. */
export function blocks<Block extends z.ZodType>(block: Block) {
  return z.union([z.array(block), block.transform((single) => [single])]).default([]);
}

/** Schema of a nested block that stands at most once: in the JSON an object, or a list of one. */
export function optionalBlock<Block extends z.ZodType>(block: Block) {
  return z
    .union([z.array(block).max(1), block.transform((single) => [single])])
    .optional()
    .transform((found) => found?.[0]);
}
