import { connectControl } from '#local/control/client.ts';
import type { EventQuery } from '#local/events/event-query.ts';
import { routineProbes } from '#local/events/routine-probes.ts';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import type { RegionType } from '#local/model/model.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { describeEvent } from './describe-event.ts';

export interface LogsFlags {
  readonly region?: RegionType;
  readonly env?: string;
  readonly function?: string;
  readonly requestId?: string;
  readonly trace?: string;
  readonly kind?: readonly RuntimeEvent['kind'][];
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly follow?: true;
  readonly json?: true;
}

/** Prints what the runtime in the working directory has logged; with `follow` also what it logs from then on, until it ends. */
export async function showLogs(flags: LogsFlags): Promise<void> {
  const control = await connectControl(projectFolder());
  const query = queryOf(flags);
  const isRoutine = routineProbes(await control.status());
  const colors = colorsFor(process.stdout);
  const show = (event: RuntimeEvent) => {
    if (flags.json) console.log(JSON.stringify(event));
    else if (!isRoutine(event)) console.log(describeEvent(event, colors));
  };
  if (flags.follow) {
    for await (const event of control.follow(query)) show(event);
    console.error('The runtime has ended.');
    return;
  }
  const events = await control.events(query);
  if (flags.json) console.log(JSON.stringify({ events }));
  else events.forEach(show);
  if (events.every((event) => !flags.json && isRoutine(event))) console.error('No log line matches.');
}

function queryOf({ kind, env, since, region, function: name, requestId, trace }: LogsFlags): EventQuery {
  return { kinds: kind, environment: env, since, region, function: name, requestId, traceId: trace };
}
