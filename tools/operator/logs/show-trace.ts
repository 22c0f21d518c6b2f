import { connectControl } from '#local/control/client.ts';
import type { LocalTrace } from '#local/control/protocol.ts';
import { columns } from '#operator/cli/columns.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runCommand } from '#operator/cli/run-command.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { describeEvent } from '#operator/local/describe-event.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';

type Span = LocalTrace['spans'][number];

/** Prints the way of a request through the runtime in the working directory. Exit code 1 when nothing is known of it. */
export function showTrace(id: string, flags: { readonly json?: true }): Promise<void> {
  const ask = async () => (await connectControl(projectFolder())).trace(id);
  return runCommand(flags, ask, { ...REPORT, remark: (trace) => remarkOf(id, trace) });
}

const REPORT: CommandReport<LocalTrace> = {
  text: (trace, colors) => describeTrace(trace, colors) || undefined,
  exitCode: ({ spans, events }) => (spans.length + events.length === 0 ? ExitCode.Failed : ExitCode.Done),
};

function remarkOf(id: string, { wereKept, spans, events }: LocalTrace): string | undefined {
  if (!wereKept) return 'Nobody had asked for ways of requests: they are kept from now on. Send the request again.';
  if (spans.length + events.length > 0) return undefined;
  return `Nothing is known of ${id}: it is no id of the last requests. two-region local logs shows them.`;
}

/** How deep a part stands; a write's way to the other region is the handler's doing, as its calls are. */
const DEPTH = { gateway: 0, function: 1, handler: 2, service: 3, replica: 3 } as const;
const WORDS = { gateway: '', function: 'Lambda ', handler: 'handler ', service: '', replica: 'replica ' } as const;

/** The parts as a tree, with begin and duration in milliseconds, then what was logged. */
export function describeTrace({ spans, events }: Pick<LocalTrace, 'events' | 'spans'>, colors: Colors): string {
  const begin = Math.min(...spans.map(({ time }) => time));
  const rows = spans.map((span, at) => [
    `${branchOf(spans, at)}${WORDS[span.part]}${span.name}`,
    span.region,
    span.outcome ?? '',
    `+${Math.round(span.time - begin)} ms`,
    `${span.milliseconds.toFixed(1)} ms`,
  ]);
  const lines = columns(rows).map((line, at) => (isBad(spans[at]?.outcome) ? colors.red(line) : line));
  return [...lines, ...events.map((event) => describeEvent(event, colors))].join('\n');
}

/** Lines that lead to a part: those of the parts that it stands in, then its own. */
function branchOf(spans: readonly Span[], at: number): string {
  const levels = [...new Set(spans.map(({ part }) => DEPTH[part]))].toSorted((one, other) => one - other);
  const level = (span: Span) => levels.indexOf(DEPTH[span.part]);
  const own = spans[at];
  if (own === undefined || level(own) === 0) return '';
  const hasNext = (wanted: number) => {
    const after = spans.slice(at + 1);
    const end = after.findIndex((span) => level(span) < wanted);
    return after.slice(0, end < 0 ? undefined : end).some((span) => level(span) === wanted);
  };
  const outer = levels.slice(1, level(own)).map((_, above) => (hasNext(above + 1) ? '│  ' : '   '));
  return `${outer.join('')}${hasNext(level(own)) ? '├─ ' : '└─ '}`;
}

/** A status from 400 on, or words of a failure. */
const isBad = (outcome: string | undefined): boolean => outcome !== undefined && !/^[123]\d\d$/.test(outcome);
