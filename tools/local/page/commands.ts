import { errorReason } from '#functions/error-reason.ts';
import { type ControlResponse, refusal } from '#local/control/routes.ts';
import type { CommandOutcome, LongCommand } from './messages.ts';

export interface PageCommand {
  /** What it will do, in a sentence. */
  readonly what: string;
  /** It takes minutes, in which the page is to be seen. One of these runs at a time, and it can be stopped. @default false */
  readonly isLong?: boolean;
  readonly run: (surroundings: CommandSurroundings) => Promise<CommandOutcome>;
}

export interface CommandSurroundings {
  /** Hears of each line as it is said. */
  readonly onLine: (line: string) => void;
  /** Asks it to end, and to mend first what it has broken. */
  readonly signal: AbortSignal;
}

/** The commands that the page's buttons run. */
export interface PageCommands {
  /** Command → what it will do. */
  readonly described: Readonly<Record<string, string>>;
  /** The long one that runs, or the last that ran. */
  latest(): LongCommand | undefined;
  /** @returns what it came to; of a long one nothing but that it runs; `undefined` where none has this name */
  start(name: string): Promise<ControlResponse | undefined>;
  /** @returns once the long command has ended; `undefined` where no such command runs */
  stop(name: string): Promise<ControlResponse | undefined>;
  /** Stops what runs. */
  close(): Promise<void>;
}

export function pageCommands(commands: Readonly<Record<string, PageCommand>>): PageCommands {
  let latest: LongCommand | undefined;
  let running: { readonly name: string; readonly ended: Promise<void>; readonly end: AbortController } | undefined;

  const startLong = (name: string, { run }: PageCommand): ControlResponse => {
    if (running) return refusal(409, `${running.name} is under way: wait until it has ended, or stop it.`);
    const startedAt = Date.now();
    const end = new AbortController();
    const onLine = (line: string) => {
      latest = { name, startedAt, line };
    };
    onLine('');
    const failed = (error: unknown): CommandOutcome => ({ exitCode: 1, text: errorReason(error) });
    const ended = run({ onLine, signal: end.signal })
      .catch(failed)
      .then((outcome) => {
        latest = { name, startedAt, line: '', outcome };
        running = undefined;
      });
    running = { name, ended, end };
    return { status: 202, body: {} };
  };
  const stop = async () => {
    running?.end.abort();
    await running?.ended;
  };
  return {
    described: Object.fromEntries(Object.entries(commands).map(([name, { what }]) => [name, what])),
    latest: () => latest,
    start: async (name) => {
      const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
      if (command === undefined) return undefined;
      if (command.isLong) return startLong(name, command);
      const body = await command.run({ onLine: () => {}, signal: new AbortController().signal });
      return { status: 200, body };
    },
    stop: async (name) => {
      if (running?.name !== name) return undefined;
      await stop();
      return { status: 200, body: latest?.outcome };
    },
    close: stop,
  };
}
