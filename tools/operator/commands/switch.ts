import { Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '#operator/cli/errors.ts';
import { parseCount, parseDuration, withoutOption } from '#operator/cli/flags.ts';

const BAKE_MILLISECONDS = 300_000;

/** `--canary`: a whole number. Above half it is no canary any more. */
function parsePercent(text: string): number {
  const percent = Number(text);
  if (!/^\d+$/.test(text) || percent < 1 || percent > 50) {
    throw new InvalidArgumentError('Allowed is a whole number from 1 to 50: of 100 requests.');
  }
  return percent;
}

/** `two-region switch STAGE [ENVIRONMENT]`. */
export function switchCommand(): Command {
  return new Command('switch')
    .description('move live traffic to the other environment, in both regions or not at all')
    .argument('<stage>', 'stage of settings.conf')
    .argument('[environment]', 'where to (default: the one that is not the target)')
    .addOption(
      new Option('--resume', 'go on with a switch that a command left unfinished, or end its stagger now').conflicts(
        'revert',
      ),
    )
    .addOption(new Option('--revert', 'put back what an unfinished or staggered switch moved'))
    .addOption(
      new Option(
        '--stagger <time>',
        'one region goes first and is watched for so long, 15m or 90s; then the other follows',
      )
        .conflicts('revert')
        .argParser(parseDuration),
    )
    .addOption(
      new Option(
        '--canary <percent>',
        'before anything moves, the live environment runs the new versions for so many of 100 requests; they are compared',
      )
        .conflicts(['resume', 'revert', 'stagger', 'without'])
        .argParser(parsePercent),
    )
    .option('--bake <time>', 'how long a canary runs, 5m or 1h (default: 5m)', parseDuration)
    .addOption(
      new Option(
        '--replay',
        'first send what the live environment was asked in the last ten minutes to the other one, and compare',
      ).conflicts(['resume', 'revert', 'without']),
    )
    .option('--allow-different <n>', 'with --replay: responses that may differ (default: 0)', parseCount)
    .option('--allow-unreadable', 'also where the environment could not read items that are in the tables')
    .option('--allow-alarm', 'also where an alarm of the environment has gone off')
    .addOption(withoutOption().conflicts('stagger'))
    .addOption(
      new Option('--container', 'of the container API, to the tasks that a deploy with it has started').conflicts([
        'resume',
        'revert',
        'stagger',
        'canary',
        'without',
        'local',
      ]),
    )
    .option('--local', 'of the local runtime that runs in this folder')
    .addOption(
      new Option(
        '--propagation <time>',
        'with --local: the move reaches ever more requests for so long, 5s or 1m, as on AWS (default: at once)',
      ).argParser(parseDuration),
    )
    .option('-y, --yes', 'do not ask before live traffic moves')
    .option('--json', 'print one JSON document: stage, from, to, outcome, seconds, steps')
    .addHelpText(
      'after',
      `
Both regions are looked at first; then the standby region moves, the other one, routing, each verified. Whatever fails,
what was moved is put back, and the exit code is 1; 2 when the switch was refused and nothing was changed.
Ctrl-C: the step under way is finished, then everything is put back.

--stagger: the standby region goes first. It and its alarm are asked every ten seconds; three failures in a row, or
Ctrl-C, put it back, and the other region never moves. Until the time is over the regions differ on purpose: status says
so, and --resume (both regions now) or --revert (put back) from any terminal ends it.

--canary: in both regions the live environment's aliases run the new versions for a share of their requests. Their errors
and times are compared with those of the old versions every ten seconds, and the alarms are asked. When the new ones do
worse, something else is not well three times in a row, or fewer than 50 requests of clients ran them, they are taken
back, and the exit code is 1; else the switch follows. --resume and --revert end it from any terminal. New routes or
another role of a function: no canary, and it says so.

--replay: as two-region replay, a part of the preflight: more different responses than allowed refuse the switch.

--container: CodeDeploy moves the traffic of one region, then of the other; where one fails both are put back. A command that
was ended goes on by the same command; two-region rollback STAGE --container puts it back.

--without: the region that is left moves alone; see two-region rollback --help.

Examples:
  two-region switch dev                  to the idle environment
  two-region switch dev envB
  two-region switch dev --stagger 15m    one region, a quarter of an hour, the other one
  two-region switch dev --canary 10 --bake 5m
  two-region switch dev --revert         after a command that was killed
  two-region switch dev envB --local     the same, rehearsed on this machine
  two-region switch dev --local --propagation 5s`,
    )
    .action(
      async (
        stage: string,
        environment: string | undefined,
        { resume, revert, stagger, canary, bake, replay, allowDifferent, allowUnreadable, allowAlarm, ...flags },
      ) => {
        if (flags.container) {
          if (environment !== undefined) throw new UsageError('--container has no environments, leave it out.');
          const { runContainer } = await import('#operator/container/run-container.ts');
          await runContainer(stage, 'switch', flags);
          return;
        }
        const kind = resume ? 'resume' : revert ? 'revert' : undefined;
        if (kind !== undefined && environment !== undefined) {
          throw new UsageError(`--${kind} goes where the unfinished switch went; an environment can't be named, too.`);
        }
        if (flags.propagation !== undefined && !flags.local) {
          throw new UsageError(
            '--propagation is of the local runtime, add --local: on AWS a move takes the time that it takes.',
          );
        }
        if (bake !== undefined && canary === undefined) {
          throw new UsageError('--bake is how long a canary runs, add --canary 10.');
        }
        if (allowDifferent !== undefined && !replay) {
          throw new UsageError('--allow-different counts what --replay compares, add --replay.');
        }
        const { runSwitch } = await import('#operator/switch/run-switch.ts');
        const staggered = stagger !== undefined && { staggerSeconds: stagger / 1000 };
        const begins = {
          kind: 'switch' as const,
          ...(environment !== undefined && { environment }),
          ...staggered,
          ...(canary !== undefined && { canary: { percent: canary, bakeSeconds: (bake ?? BAKE_MILLISECONDS) / 1000 } }),
          allowUnreadable,
          allowAlarm,
          ...(replay && { replay: { allowed: allowDifferent ?? 0 } }),
        };
        await runSwitch(stage, kind === undefined ? begins : { kind, ...staggered }, flags);
      },
    );
}
