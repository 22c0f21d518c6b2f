import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Operation } from '#contract/operation.ts';

/** One thing that is wrong with an operation, or with the file of its function. */
export interface ContractProblem {
  readonly operation: Operation;
  /** Member of the declaration that is wrong; its line is the one that is named. @default 'id' */
  readonly member?: keyof Operation;
  readonly message: string;
}

/** What a check finds, before it is known of which operation. */
export type Found = Omit<ContractProblem, 'operation'>;

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Everything that is wrong with the contract, each with file and line. The caller prints `message` and ends with exit code 2. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly exitCode = 2;

  /** @param sources - folder whose files declare the operations. @default - functions/contract */
  constructor(problems: readonly ContractProblem[], sources = join(root, 'functions/contract')) {
    const declarations = declarationsIn(sources);
    super(
      problems
        .map((problem) => `${placeOf(problem, declarations)}: ${problem.operation.id}: ${problem.message}`)
        .join('\n'),
    );
  }
}

/** Where an operation is declared. */
interface Declaration {
  /** From the project's folder. */
  readonly path: string;
  /** Of the file, from 0. */
  readonly firstLine: number;
  readonly lines: readonly string[];
}

/** Every `defineOperation(` with what follows it, to the next one. */
function declarationsIn(folder: string): readonly Declaration[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  return files.sort().flatMap((name) => {
    const path = join(folder, name);
    const lines = readFileSync(path, 'utf8').split('\n');
    const begins = lines.flatMap((line, index) => (line.includes('defineOperation(') ? index : []));
    return begins.map((firstLine, index) => ({
      path: relative(root, path),
      firstLine,
      lines: lines.slice(firstLine, begins[index + 1]),
    }));
  });
}

/** `functions/contract/get-user.ts:12`, or the folder where no file has the operation's id as a literal. */
function placeOf({ operation, member = 'id' }: ContractProblem, declarations: readonly Declaration[]): string {
  const { id, method, path } = operation;
  const routeMatch = (candidate: Declaration) =>
    Number(lineOf('path', candidate, path) !== undefined) + Number(lineOf('method', candidate, method) !== undefined);
  const [declaration] = declarations
    .filter((candidate) => lineOf('id', candidate, id) !== undefined)
    // Two operations that were given one id are told by their routes.
    .toSorted((a, b) => routeMatch(b) - routeMatch(a));
  if (declaration === undefined) return 'functions/contract';
  const line = lineOf(member, declaration) ?? lineOf('id', declaration) ?? 0;
  return `${declaration.path}:${declaration.firstLine + line + 1}`;
}

/** Line of a member of the declaration, of one with this literal if there is one given. */
function lineOf(member: keyof Operation, { lines }: Declaration, literal?: string): number | undefined {
  const line = lines.findIndex((text) => {
    const [name, ...value] = text.trim().split(':');
    if (name?.replace(',', '') !== member) return false;
    return literal === undefined || [`'${literal}',`, `"${literal}",`].includes(value.join(':').trim());
  });
  return line < 0 ? undefined : line;
}
