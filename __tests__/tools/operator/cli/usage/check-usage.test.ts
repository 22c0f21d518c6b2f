import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { checkUsage } from '#operator/cli/usage/check-usage.ts';

function program(): Command {
  const number = (text: string) => {
    if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Allowed is a whole number.');
    return Number(text);
  };
  const deploy = new Command('deploy')
    .argument('<stage>')
    .addArgument(new Argument('[environment]').choices(['envA', 'envB']))
    .option('--port <port>', 'a port', number)
    .option('--watch [seconds]', 'again', number)
    .option('-s, --stack <stacks...>', 'stacks')
    .addOption(new Option('--take <region>').choices(['primary', 'secondary']))
    .option('-v, --verbose')
    .option('-y, --yes');
  const params = new Command('params').addCommand(new Command('put').argument('<stage>').argument('[names...]'));
  return new Command('two-region').version('1').addCommand(deploy).addCommand(params);
}

function problems(line: string): string[] {
  try {
    checkUsage(program(), line.split(' '));
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : [String(error)];
  }
}

describe('a command line', () => {
  it.each([
    'deploy dev',
    'deploy dev envA --port 1 -y',
    'deploy dev --port=1 --take secondary',
    'deploy dev --stack data base -vy',
    'deploy dev -sdata --watch',
    'deploy dev --watch 5 -y',
    'deploy -- dev',
    'params put dev a b -1',
    '--version',
    'deploy --nonsense --help',
    'help deploy',
    'params',
  ])('is let through where commander understands it: %s', (line) => {
    expect(problems(line)).toEqual([]);
  });

  it('tells all of its problems at once, with what is near and what is allowed', () => {
    expect(problems('deploy dev envC --prot 1 --port x --take third --yse')).toEqual([
      'There is no option --prot. Did you mean "--port"?',
      'There is no option --yse. Did you mean "--yes"?',
      '--port is "x". Allowed is a whole number.',
      '--take is "third". Allowed choices are primary, secondary.',
      '<environment> is "envC". Allowed choices are envA, envB.',
      'two-region deploy --help shows what is allowed.',
    ]);
  });

  it.each([
    { line: 'deploi dev', says: 'There is no command "deploi". Did you mean "deploy"?' },
    { line: 'params putt dev', says: 'There is no command "putt". Did you mean "put"?' },
    { line: 'deploy', says: '<stage> is missing.' },
    { line: 'deploy dev envA more', says: 'Too many arguments: "more". Allowed: stage, environment.' },
    { line: 'deploy dev --port', says: '--port needs a value: --port <port>' },
    { line: 'deploy dev --port --yes', says: '--port needs a value: --port <port>' },
    { line: 'deploy dev --stack', says: '--stack needs a value: -s, --stack <stacks...>' },
    { line: 'deploy dev -q', says: 'There is no option -q.' },
    { line: 'deploy dev -vq', says: 'There is no option -q.' },
    { line: 'deploy dev --watch=soon', says: '--watch is "soon". Allowed is a whole number.' },
    { line: '--jsn deploy dev', says: 'There is no option --jsn.' },
  ])('is refused: $line', ({ line, says }) => {
    expect(problems(line)[0]).toBe(says);
  });

  it('does not take for an argument too many what may be the value of an option that is not known', () => {
    expect(problems('deploy dev --colour red green blue')).toHaveLength(2);
  });

  it('never looks into what stands behind --', () => {
    expect(problems('deploy -- --prot')).toEqual([]);
  });
});
