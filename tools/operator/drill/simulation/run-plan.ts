import { predictRecovery } from '#local/route53/predictions.ts';
import { otherRegion, type RegionType } from '#stacks/context.ts';
import { Ledger } from './ledger.ts';
import { Operator } from './operator.ts';
import { type FailingPart, type Happening, PLAN_SECONDS, type Plan } from './plan.ts';
import type { Call, Response } from './region.ts';
import { createWorld, type PlantedFault, type SimulatedStage, type World } from './world.ts';

/** What a run came to. */
export interface Outcome {
  /** What had to be so and was not, in the order in which it was found; one is enough. */
  readonly problems: readonly string[];
  readonly requests: number;
  readonly acknowledged: number;
}

const REGION_TYPES = ['primary', 'secondary'] as const;
const LOOK_MILLISECONDS = 10_000;
/** Until the last fault has been mended, all has arrived, and traffic is back. */
const TIDY_SECONDS = 240;
/** A client that waits longer has given up. */
const PATIENCE_MILLISECONDS = 5000;
/** Beyond the prediction: probes end, and the client asks, a little later. */
const SLACK_SECONDS = 20;
/** What clients read has been written, and is in both regions, before anything happens. */
const START_MILLISECONDS = 5000;
const KNOWN = 'seeduser';

/** Runs a plan to its end, mends everything, and looks whether all is as it must be. */
export async function runPlan(
  stage: SimulatedStage,
  { lot, happenings }: Plan,
  planted?: PlantedFault,
): Promise<Outcome> {
  const world = createWorld(stage, lot, planted);
  const operator = new Operator(world);
  const ledger = new Ledger();
  const run: Run = { world, operator, ledger, problems: [], steady: steadySince(world), requests: 0 };
  ledger.listen(world);
  const { dropped } = predictRecovery(stage.model.dns, 1);
  const settling = (dropped.recovery.atMost + SLACK_SECONDS) * 1000;
  void write(run, KNOWN, 'public');
  await world.clock.pass(START_MILLISECONDS);
  const stopLooking = look(run, settling);
  try {
    let now = 0;
    for (const each of happenings) {
      await world.clock.pass((each.at - now) * 1000);
      now = each.at;
      if (run.problems.length > 0) return outcomeOf(run, []);
      happen(run, each);
    }
    await world.clock.pass((PLAN_SECONDS - now) * 1000);
    await mend(run);
    stopLooking();
    return outcomeOf(run, endProblems(run));
  } finally {
    stopLooking();
    await world.close();
  }
}

function outcomeOf({ problems, requests, ledger }: Run, more: readonly string[]): Outcome {
  return { problems: [...problems, ...more], requests, acknowledged: ledger.acknowledged };
}

interface Run {
  readonly world: World;
  readonly operator: Operator;
  readonly ledger: Ledger;
  readonly problems: string[];
  readonly steady: { changed(): void; since(): number };
  requests: number;
}

/** Since when nothing was broken, mended or moved. */
function steadySince({ clock }: World) {
  let since = clock.now();
  return {
    changed: () => {
      since = clock.now();
    },
    since: () => since,
  };
}

const MISTAKES: Readonly<Record<Extract<Happening, { kind: 'mistake' }>['which'], Call>> = {
  body: { method: 'POST', id: 'mistaken1', body: '{"name":' },
  id: { method: 'POST', id: '?', body: '{"name":"Ada"}' },
  name: { method: 'POST', id: 'mistaken1', body: '{}' },
};

function happen(run: Run, each: Happening): void {
  const { world, operator, steady } = run;
  switch (each.kind) {
    case 'write':
      void write(run, `user000${each.item}`, each.by);
      return;
    case 'mistake':
      void mistake(run, MISTAKES[each.which], each.by);
      return;
    case 'kill':
      world.regions[each.region].kill();
      return;
    case 'switch':
      void operator.switch({ kind: 'switch' }, each.killedAfter);
      return;
    case 'end-switch':
      void operator.switch({ kind: each.how });
      return;
    case 'deploy':
      void operator.deploy(['envA', 'envB'][each.environment] ?? 'envA');
      return;
    case 'lag':
      world.setLag(each.milliseconds, each.spread);
      return;
    case 'skew':
      world.setSkew(each.region, each.milliseconds);
      return;
    case 'partition':
    case 'heal':
      world.setPartitioned(each.kind === 'partition');
      return;
    case 'fail':
      world.fail(each.region, partName(world, each), each.mode);
      steady.changed();
      return;
    case 'recover':
      world.recover(each.region);
      steady.changed();
      return;
    case 'route':
      void operator.route(each.to, each.region).then(steady.changed);
      steady.changed();
      return;
  }
}

/** As `local fail` names it. */
function partName(world: World, { part, region }: { readonly part: FailingPart; readonly region: RegionType }): string {
  if (part === 'table')
    return `table:${world.regions[region].tables.tables().find(({ name }) => name.endsWith('-user'))?.name}`;
  if (part !== 'function') return part;
  const { functions } = world.target.model().regions[region];
  return `function:${functions.find(({ name }) => name.endsWith('-user'))?.name}`;
}

/** A request of a client that resolves the name anew, and gives up in time. @returns undefined: no response */
async function ask(run: Run, by: RegionType | 'public', call: Call): Promise<Response | undefined> {
  const { world } = run;
  run.requests += 1;
  const region = by === 'public' ? world.resolver.current()?.region : by;
  if (region === undefined) return undefined;
  const host = by === 'public' ? world.name : world.ownName(by);
  const patience = world.clock.wait(PATIENCE_MILLISECONDS).then(() => undefined);
  return Promise.race([world.regions[region].ask(host, call), patience]);
}

async function write(run: Run, id: string, by: RegionType | 'public'): Promise<void> {
  const name = `written ${run.requests}`;
  const response = await ask(run, by, { method: 'POST', id, body: JSON.stringify({ name }) });
  if (response?.status === 200) run.ledger.acknowledge(id, name);
}

/** Whatever fails, a response that tells of a failure is no response to a mistake, where nothing fails. */
async function mistake(run: Run, call: Call, by: RegionType | 'public'): Promise<void> {
  const { world, steady, problems } = run;
  const since = steady.since();
  const failing = () => REGION_TYPES.some((type) => world.failures(type).length > 0);
  const wasFailing = failing();
  const response = await ask(run, by, call);
  if (response === undefined || response.interrupted || wasFailing || failing() || steady.since() !== since) return;
  const status = world.isPlanted('wrong-status') && call.body === '{}' ? 500 : response.status;
  if (status >= 400 && status < 500) return;
  problems.push(`A client's mistake got ${status} at ${time(run)}: ${call.method} ${call.id} ${call.body}`);
}

/** Looks at the public name, and where both regions' entries lead, every few seconds. @returns ends it */
function look(run: Run, settling: number): () => void {
  const { world, operator, problems, steady } = run;
  let stop = () => {};
  const next = () => {
    stop = world.clock.after(LOOK_MILLISECONDS, () => {
      // One is enough.
      if (problems.length > 0) return;
      const { 'entry-primary': here, 'entry-secondary': there } = world.target.targets();
      if (here !== there && !operator.saysUnfinished)
        problems.push(
          `At ${time(run)} primary leads to ${here}, secondary to ${there}, and no switch is said to be unfinished.`,
        );
      const due = world.clock.now() - steady.since() >= settling && couldServe(world);
      void ask(run, 'public', { method: 'GET', id: KNOWN }).then((response) => {
        if (!due || response?.interrupted || world.clock.now() - steady.since() < settling) return;
        if (response?.status !== 200)
          problems.push(
            `The public name got ${response?.status ?? 'no response'} at ${time(run)}, though one region could serve.`,
          );
      });
      next();
    });
  };
  next();
  return () => stop();
}

/**
 * Whether health checks must have led clients to a region that serves: one of them is whole and may have traffic, and the other one is, too, or fails in
 * a way that they notice. What they do not notice nobody is kept away from.
 */
function couldServe(world: World): boolean {
  const mayHave = (type: RegionType) => {
    const other = otherRegion(type);
    return world.routeSaid(other) === 'home' || world.isGone(other);
  };
  const isWhole = (type: RegionType) => world.failures(type).length === 0;
  const isNoticed = (type: RegionType) =>
    world
      .failures(type)
      .some(
        ({ part, mode }) =>
          ['domain', 'region', 'rest'].includes(part) &&
          (mode.kind === 'refuse' || mode.kind === 'drop' || (mode.kind === 'slow' && mode.milliseconds >= 5000)),
      );
  if (!REGION_TYPES.some((type) => isWhole(type) && mayHave(type))) return false;
  return REGION_TYPES.every((type) => isWhole(type) || isNoticed(type));
}

/** Whatever was broken is mended, and operators do what they are told. */
async function mend({ world, operator, steady }: Run): Promise<void> {
  for (const type of REGION_TYPES) {
    world.recover(type);
    world.setSkew(type, 0);
  }
  world.setPartitioned(false);
  world.setLag(100, 0);
  steady.changed();
  // What is under way comes to its end, or to that of its lock.
  await world.clock.pass(TIDY_SECONDS * 1000);
  const tidied = operator.tidy();
  await world.clock.pass(TIDY_SECONDS * 1000);
  await tidied;
}

function endProblems({ world, operator, ledger }: Run): readonly string[] {
  const { 'entry-primary': here, 'entry-secondary': there } = world.target.targets();
  const differ = [...world.releases.current()].flatMap(([environment]) => {
    const [one, other] = [world.regions.primary.served(environment), world.regions.secondary.served(environment)];
    return one === other ? [] : [`The regions serve ${environment} with different code.`];
  });
  const region = world.resolver.current()?.region;
  return [
    ...(world.pending() > 0 ? [`${world.pending()} writes have not arrived in the other region.`] : []),
    ...ledger.problems({ primary: itemsOf(world, 'primary'), secondary: itemsOf(world, 'secondary') }),
    ...(here === there ? [] : [`In the end primary leads to ${here}, secondary to ${there}.`]),
    ...(operator.saysUnfinished ? ['A switch could be neither finished nor put back, with everything mended.'] : []),
    ...differ,
    ...(region === 'primary'
      ? []
      : [`In the end the public name leads to ${region ?? 'nowhere'}, not to the primary region.`]),
  ];
}

function itemsOf(world: World, type: RegionType): ReadonlyMap<string, string> {
  const contents = world.regions[type].tables.contents();
  const [users] = Object.entries(contents).filter(([table]) => table.endsWith('-user') && !table.includes('preview'));
  return new Map((users?.[1] ?? []).map((item) => [String(Object(item.id).S), String(Object(item.name).S)]));
}

function time({ world }: Run): string {
  return `${Math.round(world.clock.now() / 1000)} s`;
}
