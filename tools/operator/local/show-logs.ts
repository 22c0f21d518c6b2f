import { operations } from '#contract/index.ts';
import type { Operation } from '#contract/operation.ts';
import { connectControl } from '#local/control/client.ts';
import type { EventQuery } from '#local/events/event-query.ts';
import type { Level } from '#local/events/level.ts';
import { routineProbes } from '#local/events/routine-probes.ts';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import type { RegionType } from '#local/model/model.ts';
import { UsageError } from '#operator/cli/errors.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { describeEvent } from './describe-event.ts';

export interface LogsFlags {
  readonly region?: RegionType;
  readonly env?: string;
  readonly function?: string;
  readonly requestId?: string;
  readonly trace?: string;
  readonly level?: Level;
  /** Of the contract. */
  readonly operation?: string;
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

/** @throws UsageError for an operation that the contract does not have */
export function queryOf({ kind, env, trace, operation, follow, json, ...same }: LogsFlags): EventQuery {
  const { function: name = operation && operationOf(operation).function } = same;
  const route = operation === undefined ? undefined : routeOf(operationOf(operation));
  return { ...same, kinds: kind, environment: env, traceId: trace, route, function: name };
}

function operationOf(id: string): Operation {
  const found = operations.find((operation) => operation.id === id);
  if (found) return found;
  const allowed = operations.map((operation) => operation.id).join(', ');
  throw new UsageError(`--operation is "${id}", allowed are ${allowed}.`);
}

function routeOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}
