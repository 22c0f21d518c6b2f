import { z } from 'zod';

/** Schema of a nested block that may stand once or more: in the JSON an object, or a list of them. */
export function blocks<Block extends z.ZodType>(block: Block) {
  return z.preprocess(asList, z.array(block)).optional().default([]);
}

/** Schema of a nested block that stands at most once: in the JSON an object, or a list of one. */
export function optionalBlock<Block extends z.ZodType>(block: Block) {
  return z
    .preprocess(asList, z.array(block).max(1))
    .optional()
    .transform((found) => found?.[0]);
}

function asList(json: unknown): unknown {
  return Array.isArray(json) ? json : [json];
}
