import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type Stack, stackJson } from './stack.ts';

const manifest = z.object({
  stacks: z.record(z.string(), z.object({ name: z.string(), synthesizedStackPath: z.string() })),
});

/**
 * Reads what a synthesis wrote: the manifest and each stack's JSON, in the manifest's order.
 *
 * @param outdir - folder that the app synthesized to: `cdktf.out`
 * @throws Error naming the file that is missing or not as CDKTF writes it
 */
export async function readStacks(outdir: string): Promise<readonly Stack[]> {
  const { stacks } = await readJson(path.resolve(outdir, 'manifest.json'), manifest);
  return Promise.all(
    Object.values(stacks).map(async ({ name, synthesizedStackPath }) => {
      const file = path.resolve(outdir, synthesizedStackPath);
      return { name, folder: path.dirname(file), json: await readJson(file, stackJson) };
    }),
  );
}

async function readJson<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.infer<Schema>> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(
      `Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}. Synthesize first.`,
    );
  }
  const result = schema.safeParse(content);
  if (!result.success) throw new Error(`${file} is not as CDKTF writes it:\n${z.prettifyError(result.error)}`);
  return result.data;
}
