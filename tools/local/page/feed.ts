import type { ServerResponse } from 'node:http';
import type { RuntimeControls } from '#local/control/controls.ts';
import type { RegionsMessage } from '#local/control/regions-schema.ts';
import { readFields } from '#local/events/read-fields.ts';
import { routineProbes } from '#local/events/routine-probes.ts';
import type { RuntimeEvent, RuntimeLog } from '#local/events/runtime-log.ts';
import type { RegionType } from '#local/model/model.ts';
import type { PageCommands } from './commands.ts';
import type { EnvironmentMessage, Notice, PageMessage, RequestCounts, StageMessage } from './messages.ts';

export interface FeedOptions {
  readonly controls: Pick<RuntimeControls, 'regions' | 'status'>;
  readonly log: RuntimeLog;
  readonly notice: () => Notice | undefined;
  readonly commands: Pick<PageCommands, 'described' | 'latest'>;
}

const TICK_MILLISECONDS = 250;
/** More than this in a tick nobody reads. */
const MOST_EVENTS = 50;
/** What a page sees when it is opened. */
const FIRST_EVENTS = 300;
/** A page that reads slower than this gets no more until it has caught up. */
const MOST_WAITING_BYTES = 1_000_000;

/** Tells a page what happens, as server-sent events, until it is closed (WHATWG HTML, "Server-sent events"). */
export function feed(response: ServerResponse, options: FeedOptions): void {
  const { controls, log, notice, commands } = options;
  const said = new Map<string, string>();
  /** @returns the part, where it is another than was said last */
  const changed = <T>(name: string, value: T): T | undefined => {
    const text = JSON.stringify(value) ?? '';
    if (said.get(name) === text) return undefined;
    said.set(name, text);
    return value;
  };
  const isRoutine = (event: RuntimeEvent) => routine(event);
  let routine = routineProbes(controls.status());
  let events: RuntimeEvent[] = log.query((event) => !isRoutine(event)).slice(-FIRST_EVENTS);
  let leftOut = 0;
  let counts = noRequests();
  let since = performance.now();
  const stop = log.subscribe((event) => {
    if (isRoutine(event)) return;
    if (event.kind === 'access') count(counts[event.region], event.line);
    events.push(event);
    if (events.length > FIRST_EVENTS) {
      events = events.slice(-MOST_EVENTS);
      leftOut += FIRST_EVENTS + 1 - MOST_EVENTS;
    }
  });
  const tick = () => {
    if (response.writableLength > MOST_WAITING_BYTES) return;
    const current = controls.status();
    routine = routineProbes(current);
    const parts = {
      status: changed('status', current),
      stage: changed('stage', describeStage(controls.regions(), commands.described)),
      notice: changed('notice', notice()),
      longCommand: changed('longCommand', commands.latest()),
    };
    const shown = said.has('first') ? events.slice(-MOST_EVENTS) : events;
    said.set('first', '');
    const message: PageMessage = {
      ...(parts.status && { status: parts.status }),
      ...(parts.stage && { stage: parts.stage }),
      ...(parts.notice && { notice: parts.notice }),
      ...(parts.longCommand && { longCommand: parts.longCommand }),
      events: shown,
      leftOut: leftOut + events.length - shown.length,
      requests: counts,
      milliseconds: performance.now() - since,
    };
    [events, leftOut, counts, since] = [[], 0, noRequests(), performance.now()];
    response.write(`data: ${JSON.stringify(message)}\n\n`);
  };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  tick();
  const timer = setInterval(tick, TICK_MILLISECONDS);
  response.on('close', () => {
    clearInterval(timer);
    stop();
  });
}

type Counting = { -readonly [Name in keyof RequestCounts]: number };

const noRequests = (): Record<RegionType, Counting> => ({
  primary: { all: 0, failed: 0 },
  secondary: { all: 0, failed: 0 },
});

function count(counts: Counting, line: string): void {
  counts.all += 1;
  if (String(readFields(line)?.status) >= '500') counts.failed += 1;
}

/** What of `GET /regions` is shown. Credentials, keys and functions' variables are no part of it. */
function describeStage(
  { stage, startedAt, publicNames, environments, regions }: RegionsMessage,
  commands: Readonly<Record<string, string>>,
): StageMessage {
  const inRegion = (environment: string, type: RegionType) => {
    const { names, apis, functions } = regions[type];
    return {
      live: names.some((name) => name.environment === environment),
      urls: apis.flatMap(({ stages }) => stages.filter(({ name }) => name === environment).map(({ url }) => url)),
      functions: functions.flatMap(({ name, aliases, versions }) => {
        const version = aliases[environment];
        const code = versions.find((each) => each.version === version)?.codeSha256 ?? '';
        return version === undefined ? [] : [{ name, version, code: code.slice(0, 7) }];
      }),
    };
  };
  const described = Object.entries(environments).map(([name, { follows, deployedAt }]): EnvironmentMessage => {
    return {
      name,
      follows,
      deployedAt,
      regions: { primary: inRegion(name, 'primary'), secondary: inRegion(name, 'secondary') },
    };
  });
  return { stage, startedAt, publicNames, environments: described, commands };
}
