import { columns } from '#operator/cli/columns.ts';
import { type Colors, seconds } from '#operator/cli/terminal.ts';
import type { ReplayedOperation, ReplayReport } from './replay-report.ts';

/** What was sent, what differed with its first examples, what was not sent and why. */
export function describeReplay(report: ReplayReport, colors: Colors): string {
  const { stage, from, to, since, requests, operations, skipped, allowed, remarks } = report;
  const { recorded, different, sent } = requests;
  const all = operations.reduce((sum, each) => sum + each.different, 0);
  const compared = operations.reduce((sum, each) => sum + each.different + each.equal, 0);
  const verdict = `${all} of ${compared} responses differ between ${from} and ${to}; allowed are ${allowed}.`;
  return [
    `${recorded} requests are recorded on ${from} of ${stage} since ${since}. ${different} different ones can be sent, ${sent} were, in ${seconds(report.seconds)}.`,
    ...columns([['operation', 'sent to', 'equal', 'different', 'not compared'], ...operations.map(rowOf)]),
    ...operations.flatMap((each) => examplesOf(each, from)),
    ...skipped.map((each) => `${each.operation}: ${each.requests} not sent, as ${each.reason}`),
    ...remarks.map((remark) => colors.yellow(remark)),
    report.isDifferent ? colors.red(verdict) : colors.green(verdict),
  ].join('\n');
}

function rowOf(replayed: ReplayedOperation): string[] {
  const { operation, sentTo, equal, different, refused, unsteady, throttled, unanswered } = replayed;
  const others = [
    ...(refused > 0 ? [`${refused} may not be asked by you`] : []),
    ...(unsteady > 0 ? [`${unsteady} change by themselves`] : []),
    ...(throttled > 0 ? [`${throttled} got 429`] : []),
    ...(unanswered > 0 ? [`${unanswered} had no response`] : []),
  ];
  return [operation, sentTo, String(equal), String(different), others.join(', ') || '0'];
}

function examplesOf({ examples, sentTo }: ReplayedOperation, from: string): readonly string[] {
  return examples.flatMap(({ request, regionType, differences }) => [
    `${request}, ${regionType} region:`,
    ...differences.map((each) => `  ${each.at}: ${each.from} at ${from}, ${each.to} at ${sentTo}`),
  ]);
}
