import { setTimeout as sleep } from 'node:timers/promises';
import { errorReason } from '#functions/error-reason.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { unfinished } from '#operator/journal/switch-journal.ts';
import { thisCommand, underLocks } from '#operator/lock/hold-lock.ts';
import { writeChanged } from '#operator/parameters/mirror.ts';
import type { ParameterStores } from '#operator/parameters/ssm-store.ts';
import type { Parity } from '#operator/parity/compare.ts';
import { type CatchUpItem, describeCatchUp } from '#operator/regions/catch-up.ts';
import { moveRoute, type RoutePlace, type RouteReport } from '#operator/route/move-route.ts';
import { describeObstacle } from '#operator/switch/prepare-switch.ts';
import type { SwitchPlace, SwitchPorts } from '#operator/switch/switch-ports.ts';
import { otherRegion, type RegionType } from '#stacks/context.ts';
import type { ComparedTable, DifferingItem } from './compare-items.ts';

/** A stage whose regions can be brought level with each other. */
export interface ReturnPlace
  extends Pick<SwitchPlace, 'catchUp' | 'flags' | 'isProduction' | 'journal' | 'locks' | 'stage'> {
  readonly ports: Pick<SwitchPorts, 'move' | 'preflight' | 'verifyRegion'> & {
    readonly canary: Pick<SwitchPorts['canary'], 'unweigh' | 'weighed'>;
  };
  /** Where the public names of one region lead; `undefined` while nowhere. @throws RegionGoneError */
  readonly targetOf: (regionType: RegionType) => Promise<string | undefined>;
  readonly stores: ParameterStores;
  /**
   * Deploys in a region what was deployed without it to these environments, and to what all share. @returns what was done, in sentences
   *
   * @throws whatever a deploy throws
   */
  readonly release: (region: RegionType, environments: readonly string[]) => Promise<readonly string[]>;
  /** Has a region admit the keys that its parameters hold. @param parameters - of the keys @throws whatever `keys sync` throws */
  readonly admitKeys: (region: RegionType, parameters: readonly string[]) => Promise<void>;
  /** Brings Terraform's states back to the primary region. @default - the stage has none */
  readonly returnState?: () => Promise<void>;
  readonly parity: () => Promise<Parity>;
  readonly compareTables: () => Promise<readonly ComparedTable[]>;
  readonly route: RoutePlace;
  /** How long replication may take until the items of both regions are the same, and between two looks. Milliseconds. */
  readonly patience: { readonly whole: number; readonly pause: number };
}

/** An item that was written in both regions. */
interface Conflict extends DifferingItem {
  readonly table: string;
  /** Whose write stayed; `neither`: it was written once more meanwhile. */
  readonly stayed: RegionType | 'neither';
}

export interface ReturnReport {
  readonly stage: string;
  readonly region: RegionType;
  /** `behind`: something is not level, and traffic keeps away from the region as before. */
  readonly outcome: 'behind' | 'level';
  /** What was done, in sentences. */
  readonly done: readonly string[];
  /** What is not level, each with its remedy. */
  readonly problems: readonly string[];
  readonly parity: Parity;
  readonly tables: readonly Omit<ComparedTable, 'alike'>[];
  readonly conflicts: readonly Conflict[];
  /** What became of the route. @default - not asked for: the region is not level */
  readonly route?: RouteReport;
}

interface ReturnHooks {
  /** Asked before anything is changed. @param owed - what the region has to catch up on, in sentences @throws RefusedError or CancelledError */
  readonly confirm: (owed: readonly string[]) => Promise<void>;
  /** Asked before traffic may go to the region again. @throws RefusedError or CancelledError */
  readonly confirmRoute: () => Promise<void>;
  readonly onPhase: (text: string) => void;
}

/**
 * Brings a region that was lost level with the other one: states, parameters, what was deployed, keys, target; and compares both, items included. Only a region that is level gets
 * its traffic back. Running it again goes on where it stopped.
 *
 * @throws RegionGoneError while the region does not answer; RefusedError
 */
export async function returnRegion(place: ReturnPlace, region: RegionType, hooks: ReturnHooks): Promise<ReturnReport> {
  hooks.onPhase(`asking whether the ${region} region answers`);
  await place.targetOf(region);
  await hooks.confirm(describeCatchUp(region, await place.catchUp.read(region)));
  const report = await underLocks(place.locks, { owner: thisCommand() }, () => level(place, region, hooks));
  if (report.outcome === 'behind') return report;
  hooks.onPhase('letting traffic go there again');
  const route = await moveRoute(place.route, { kind: 'back', region, wait: true }, hooks.confirmRoute);
  return { ...report, route };
}

async function level(place: ReturnPlace, region: RegionType, { onPhase }: ReturnHooks): Promise<ReturnReport> {
  const { catchUp, stage } = place;
  const owed = await catchUp.read(region);
  const done: string[] = [];
  const problems: string[] = [];
  // Before replication has drained, it shows what was written on both sides.
  onPhase('comparing the tables');
  const before = await place.compareTables();
  if (region === 'primary' && owed.some(({ kind }) => kind === 'state') && place.returnState) {
    onPhase("bringing Terraform's states back");
    await place.returnState();
    done.push("Terraform's states are back in the primary region.");
  }
  onPhase('comparing the parameters');
  const names = await setParameters(place, region, [...new Set(owed.flatMap(({ names = [] }) => names))]);
  if (names.length > 0) done.push(`The parameters ${names.join(', ')} are set.`);
  const repaired = await catchUpOn(place, region, owed, onPhase);
  done.push(...repaired.done);
  problems.push(...repaired.problems);
  done.push(...(await takeWeights(place, region, onPhase)));
  const moved = await setTarget(place, region, onPhase);
  if (typeof moved === 'string') done.push(moved);
  else problems.push(...moved);
  onPhase('comparing both regions');
  const parity = await place.parity();
  const facts = parity.differences.length;
  if (facts > 0) problems.push(`${facts} facts differ, see two-region parity ${stage}${place.flags}.`);
  onPhase('waiting for the replication of tables');
  const tables = await untilDrained(place);
  problems.push(...tables.flatMap(stillDiffering));
  if (problems.length > 0 && owed.some(({ kind }) => kind === 'release')) {
    problems.push(
      `What was deployed without the region is deployed there from this folder. If it has other code than the ${otherRegion(region)} region runs, take that, and give this again: two-region return ${stage} ${region}${place.flags}`,
    );
  }
  const outcome = problems.length > 0 ? 'behind' : 'level';
  if (outcome === 'level') await catchUp.write(region, []);
  return {
    stage,
    region,
    outcome,
    done,
    problems,
    parity,
    tables: tables.map(({ alike: _, ...table }) => table),
    conflicts: conflictsOf(before, tables),
  };
}

/** Environments that something was deployed or promoted to without the region. */
function environmentsOf(owed: readonly CatchUpItem[]): readonly string[] {
  return [...new Set(owed.flatMap(({ environments = [] }) => environments))];
}

/** Deploys what was deployed without the region, and then has it admit its keys, which are among that. What fails is told, and the rest goes on. */
async function catchUpOn(
  { release, admitKeys }: ReturnPlace,
  region: RegionType,
  owed: readonly CatchUpItem[],
  onPhase: ReturnHooks['onPhase'],
): Promise<{ readonly done: readonly string[]; readonly problems: readonly string[] }> {
  const done: string[] = [];
  const problems: string[] = [];
  if (owed.some(({ kind }) => kind === 'release')) {
    onPhase('deploying what was deployed without it');
    try {
      done.push(...(await release(region, environmentsOf(owed))));
    } catch (error) {
      problems.push(`What was deployed without the region could not be deployed there: ${errorReason(error)}`);
    }
  }
  const keys = [...new Set(owed.flatMap(({ kind, names = [] }) => (kind === 'keys' ? names : [])))];
  if (keys.length > 0) {
    onPhase('admitting keys');
    try {
      await admitKeys(region, keys);
      done.push(`The keys of ${keys.join(', ')} are admitted.`);
    } catch (error) {
      problems.push(`Keys could not be admitted: ${errorReason(error)}`);
    }
  }
  return { done, problems };
}

/** Gives the region the values that were set without it. @returns those that it lacked */
async function setParameters(
  { stores }: ReturnPlace,
  region: RegionType,
  names: readonly string[],
): Promise<readonly string[]> {
  const [values, current] = await Promise.all([stores[otherRegion(region)].readAll(), stores[region].readAll()]);
  const written: string[] = [];
  for (const name of names) {
    const value = values.get(name);
    if (value === undefined) continue;
    if ((await writeChanged(stores[region], current, name, value)) === 'written') written.push(name);
  }
  return written;
}

/** A canary that was put back without the region left its weights there. Those of one that is under way stay. @returns what was done */
async function takeWeights(
  { journal, ports }: ReturnPlace,
  region: RegionType,
  onPhase: ReturnHooks['onPhase'],
): Promise<readonly string[]> {
  if (unfinished(await journal.read())?.canary !== undefined) return [];
  const environments = await ports.canary.weighed(region);
  for (const environment of environments) {
    onPhase(`taking the weights of ${environment}`);
    await ports.canary.unweigh(region, environment);
  }
  return environments.map((environment) => `${environment} runs its own versions alone: a canary had left it weights.`);
}

/** Leads the region's names where the other one's lead, if it holds the same. @returns what was done, or what forbids it */
async function setTarget(
  { stage, targetOf, ports }: ReturnPlace,
  region: RegionType,
  onPhase: ReturnHooks['onPhase'],
): Promise<readonly string[] | string> {
  const [wanted, found] = await Promise.all([targetOf(otherRegion(region)), targetOf(region)]);
  if (wanted === undefined) {
    throw new RefusedError(`The public names of ${stage} lead nowhere in the ${otherRegion(region)} region.`);
  }
  if (wanted === found) return [];
  onPhase(`looking at ${wanted} in both regions`);
  const obstacles = await ports.preflight(wanted);
  if (obstacles.length > 0) return [`${wanted} can't go live there:\n${obstacles.map(describeObstacle).join('\n')}`];
  onPhase(`moving entry-${region} to ${wanted}`);
  await ports.move(`entry-${region}`, wanted);
  await ports.verifyRegion(region, wanted);
  return `Its public names lead to ${wanted} (before: ${found ?? 'nowhere'}).`;
}

/**
 * Looks until whatever differed at the first look has drained, or patience ends. What clients write meanwhile is on its way in its turn: tables in
 * use are never the same as a whole.
 */
async function untilDrained({
  compareTables,
  patience: { whole, pause },
}: ReturnPlace): Promise<readonly ComparedTable[]> {
  const until = performance.now() + whole;
  let tables = await compareTables();
  while (tables.some(({ differing }) => differing.length > 0) && performance.now() < until) {
    await sleep(pause);
    const now = await compareTables();
    tables = now.map((table) => {
      const before = tables.find((each) => each.table === table.table)?.differing ?? [];
      return { ...table, differing: before.filter((item) => table.differing.some((other) => isStuck(item, other))) };
    });
  }
  return tables;
}

/** Whether an item is as it was in one of the regions at least: where both have another one since, replication goes on. */
function isStuck(before: DifferingItem, now: DifferingItem): boolean {
  return before.key === now.key && (before.primary === now.primary || before.secondary === now.secondary);
}

function stillDiffering({ table, differing }: ComparedTable): readonly string[] {
  const [first] = differing;
  if (first === undefined) return [];
  return [
    `${differing.length} items of the table ${table} have not become the same, such as ${first.key}: replication has not drained.`,
  ];
}

/** Items that both regions had, each its own, and whose write is left. */
function conflictsOf(before: readonly ComparedTable[], now: readonly ComparedTable[]): readonly Conflict[] {
  return before.flatMap(({ table, differing }) => {
    const alike = now.find((each) => each.table === table)?.alike;
    return differing.flatMap((item): readonly Conflict[] => {
      const left = alike?.get(item.key);
      if (left === undefined || item.primary === null || item.secondary === null) return [];
      const stayed = left === item.primary ? 'primary' : left === item.secondary ? 'secondary' : 'neither';
      return [{ table, ...item, stayed }];
    });
  });
}
