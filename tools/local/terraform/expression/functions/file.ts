import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { toText } from '#local/terraform/expression/convert.ts';
import { type FunctionContext, type FunctionTable, unary } from './function-definition.ts';

/** Source: Terraform, "Functions", section Filesystem. Relative paths start from the stack's folder, where Terraform runs. */
export const fileFunctions: FunctionTable = {
  file: unary((name, context) => readFile(toText(name), context).toString('utf8')),
  filebase64: unary((name, context) => readFile(toText(name), context).toString('base64')),
  fileexists: unary((name, { folder }) => {
    const file = path.resolve(folder, toText(name));
    return existsSync(file) && statSync(file).isFile();
  }),
  abspath: unary((name, { folder }) => path.resolve(folder, toText(name))),
  basename: unary((name) => path.basename(toText(name))),
  dirname: unary((name) => path.dirname(toText(name))),
};

/** @throws ExpressionError naming the file */
export function readFile(name: string, { folder }: FunctionContext): Buffer {
  const file = path.resolve(folder, name);
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ExpressionError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
