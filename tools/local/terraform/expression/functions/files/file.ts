import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { minimatch } from 'minimatch';
import { ExpressionError } from '#local/terraform/addressed-error.ts';
import {
  binary,
  type FunctionContext,
  type FunctionTable,
  text,
  unary,
} from '#local/terraform/expression/functions/function-definition.ts';
import { createSet } from '#local/terraform/expression/value/set.ts';
import { normalText } from '#local/terraform/expression/value/text.ts';

/** Source: Terraform, "Functions", section Filesystem. Relative paths start from the stack's folder, where Terraform runs. */
export const fileFunctions: FunctionTable = {
  file: unary(text, (name, context) => readText(name, context)),
  filebase64: unary(text, (name, context) => readFile(name, context).toString('base64')),
  fileexists: unary(text, fileExists),
  fileset: binary(text, text, fileSet),
  abspath: unary(text, (name, { folder }) => path.resolve(folder, name)),
  basename: unary(text, (name) => (/^\/+$/.test(name) ? '/' : path.posix.basename(name) || '.')),
  dirname: unary(text, (name) =>
    path.posix.normalize(name.slice(0, name.lastIndexOf('/') + 1)).replace(/(?<=.)\/$/, ''),
  ),
  pathexpand: unary(text, expandHome),
};

function expandHome(name: string): string {
  if (name !== '~' && !name.startsWith('~/')) {
    if (name.startsWith('~')) throw new ExpressionError(`cannot expand the home of another user in ${name}`);
    return name;
  }
  return path.join(homedir(), name.slice(1));
}

/** @throws ExpressionError naming the file */
export function readFile(name: string, { folder }: Pick<FunctionContext, 'folder'>): Buffer {
  const file = path.resolve(folder, expandHome(name));
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ExpressionError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws ExpressionError for a file that is no UTF-8 */
export function readText(name: string, context: Pick<FunctionContext, 'folder'>): string {
  try {
    return normalText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFile(name, context)));
  } catch (error) {
    if (error instanceof ExpressionError) throw error;
    throw new ExpressionError(`the file ${name} is not valid UTF-8; read it with filebase64() instead`);
  }
}

function fileExists(name: string, { folder }: FunctionContext): boolean {
  const file = path.resolve(folder, expandHome(name));
  const found = statSync(file, { throwIfNoEntry: false });
  if (found && !found.isFile()) throw new ExpressionError(`${file} is not a regular file`);
  return found !== undefined;
}

/** Names of the regular files below a folder that a pattern matches. Source: Terraform, "fileset". */
function fileSet(root: string, pattern: string, { folder }: FunctionContext) {
  const top = path.resolve(folder, root);
  const normal = path.posix.normalize(pattern);
  const below = statSync(top, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(top, { recursive: true, encoding: 'utf8' })
    : [];
  const files = below
    .map((name) => name.split(path.sep).join('/'))
    .filter(
      (name) =>
        minimatch(name, normal, { dot: true, nonegate: true, nocomment: true, noext: true }) &&
        statSync(path.join(top, name), { throwIfNoEntry: false })?.isFile(),
    );
  return createSet('string', files);
}
