import { Argument, Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '#operator/cli/completion/completion-script.ts';

/** `two-region completion SHELL`. */
export function completionCommand(): Command {
  return new Command('completion')
    .description(
      'print a script that makes a shell complete commands, flags, stages, environments, stacks and parameters',
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText(
      'after',
      `
The shell has to find the command two-region: npm link, once, in the project's folder.

Examples:
  source <(two-region completion bash)       for good: the same line in ~/.bashrc
  source <(two-region completion zsh)        after compinit, in ~/.zshrc
  two-region completion fish | source        for good: > ~/.config/fish/completions/two-region.fish`,
    )
    .action((shell: Shell) => {
      process.stdout.write(completionScript(shell));
    });
}
