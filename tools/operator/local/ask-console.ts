import { createInterface } from 'node:readline/promises';
import { openConsole } from '#local/terraform/console.ts';
import { readStacks } from '#local/terraform/read-stacks.ts';
import { UsageError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandFlags, runCommand } from '#operator/cli/run-command.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';

/** A folder of its own: the runtime may read the other one at the time. */
const OUTDIR = '.two-region/console.out';

export interface ConsoleFlags extends CommandFlags {
  readonly stage?: string;
}

interface Answer {
  readonly expression: string;
  /** As `terraform console` prints it. */
  readonly printed?: string;
  readonly refused?: string;
}

/**
 * Synthesizes the stage and answers the expressions that stdin holds, one a line, or that are typed at a terminal.
 *
 * @param wanted - name of a stack, with or without the stage
 * @throws UsageError for a stack that the stage does not have
 */
export function askConsole(wanted: string, flags: ConsoleFlags): Promise<void> {
  const work = async (): Promise<readonly Answer[]> => {
    const synthesis = await synthesizeStage({
      directory: projectFolder(),
      stage: flags.stage ?? process.env.STAGE,
      outdir: OUTDIR,
    });
    const stacks = await readStacks(synthesis.outdir);
    const names = stacks.map(({ name }) => name);
    const name = names.find((one) => one === wanted || one === `${synthesis.stage}-${wanted}`) ?? wanted;
    const parameter = (_region: string, key: string) => synthesis.parameters[key];
    const opened = openConsole(stacks, name, { variables: synthesis.variables, parameter });
    if (!opened) throw new UsageError(`Got the stack ${wanted}; the stage ${synthesis.stage} has ${names.join(', ')}.`);
    const isPrompted = process.stdin.isTTY && !flags.json;
    const lines = createInterface({
      input: process.stdin,
      ...(isPrompted ? { output: process.stderr, prompt: '> ' } : {}),
    });
    const answers: Answer[] = [];
    if (isPrompted) lines.prompt();
    for await (const line of lines) {
      const expression = line.trim();
      if (expression === 'exit') break;
      if (expression !== '') {
        const answer = { expression, ...opened.ask(expression) };
        answers.push(answer);
        if (!flags.json) tell(answer);
      }
      if (isPrompted) lines.prompt();
    }
    return answers;
  };
  return runCommand(flags, work, {
    text: () => undefined,
    document: (answers) => ({ answers }),
    exitCode: (answers) => (answers.some(({ refused }) => refused !== undefined) ? ExitCode.Usage : ExitCode.Done),
  });
}

function tell({ printed, refused }: Answer): void {
  if (printed !== undefined) console.log(printed);
  else console.error(`Refused: ${refused}`);
}
