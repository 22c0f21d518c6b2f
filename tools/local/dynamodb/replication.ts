import { type Clock, MACHINE_CLOCK } from '#local/clock.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { RegionType, Table } from '#local/model/model.ts';
import { linkRegions, type RegionLink } from '#local/replication/region-link.ts';
import type { DynamoDbService } from './dynamodb.ts';
import type { ItemWrite } from './store/item-write.ts';

const globalNames = (tables: readonly Table[]): ReadonlySet<string> =>
  new Set(tables.filter((table) => table.global).map((table) => table.name));

interface ReplicationOptions {
  readonly primary: ReplicatedTables;
  readonly secondary: ReplicatedTables;
  /** From a write to its arrival in the other region. */
  readonly lagMilliseconds: number;
  readonly log: RuntimeLog;
  /** @default - this machine's */
  readonly clock?: Clock;
  /** As of `linkRegions`. @default - writes arrive in their order */
  readonly extraLag?: () => number;
  /** What a region's own clock says, in milliseconds, of a write that is made now. @default - it counts the writes of both */
  readonly stamp?: (region: RegionType) => number;
}

/** What replication needs of a region's DynamoDB. */
type ReplicatedTables = Pick<DynamoDbService, 'onWrite' | 'region' | 'replicate' | 'tables'>;

export interface Replication extends RegionLink {
  /** The regions have got tables: those that are global are replicated from now on. */
  grown(): void;
}

/**
 * Replicates the global tables between two regions, both ways: whole items, the last writer wins. A delete counts as a write.
 * What arrives from the other region isn't sent back.
 *
 * Source: DynamoDB Developer Guide, "Global tables" version 2019.11.21, "How global tables work", conflict resolution.
 */
export function startReplication(options: ReplicationOptions): Replication {
  const { primary, secondary, lagMilliseconds, log, clock, extraLag, stamp } = options;
  const order = new WriteOrder(stamp);
  const services = { primary, secondary };
  let tables = replicatedTables(primary.tables(), secondary.tables(), log);
  const { send, ...link } = linkRegions<OrderedWrite>({
    lagMilliseconds,
    clock,
    extraLag,
    deliver: (region, { write: { write, order: number }, madeAt }) => {
      const service = services[region];
      if (order.accept(region, write, number)) service.replicate(write);
      const { table: name, invocation } = write;
      if (invocation === undefined || !log.spans.areKept) return;
      const milliseconds = (clock ?? MACHINE_CLOCK).now() - madeAt;
      const span = { invocation, region: service.region, name, time: Date.now() - milliseconds, milliseconds };
      log.spans.add({ part: 'replica', ...span });
    },
    // Both regions hold the same; every write from now on is later than all before.
    onSettled: () => order.forget(),
  });
  const capture = (region: RegionType, to: RegionType): (() => void) =>
    services[region].onWrite((write) => {
      if (tables.has(write.table)) send(to, { write, order: order.next(region, write) });
    });
  const stopCapturing = [capture('primary', 'secondary'), capture('secondary', 'primary')];
  return {
    ...link,
    grown: () => {
      tables = replicatedTables(primary.tables(), secondary.tables(), log);
    },
    close: async () => {
      for (const stop of stopCapturing) stop();
      await link.close();
    },
  };
}

interface OrderedWrite {
  readonly write: ItemWrite;
  /** Greater for a later write, whichever region it was made in. */
  readonly order: number;
}

/** Names of the tables that are global in both regions; one that is so in a single region is a warning. */
function replicatedTables(
  primary: readonly Table[],
  secondary: readonly Table[],
  log: RuntimeLog,
): ReadonlySet<string> {
  const inPrimary = globalNames(primary);
  const inSecondary = globalNames(secondary);
  for (const name of new Set([...inPrimary, ...inSecondary])) {
    if (inPrimary.has(name) && inSecondary.has(name)) continue;
    const only = inPrimary.has(name) ? 'primary' : 'secondary';
    const message = `Table '${name}' is a global table in the ${only} region only: it isn't replicated.`;
    log.write({ kind: 'warning', time: Date.now(), message });
  }
  return new Set([...inPrimary].filter((name) => inSecondary.has(name)));
}

/**
 * Which write of an item each region holds. Both regions run in one process, so that counting the writes tells exactly which one was later; where the
 * regions' clocks are to decide, a write is later than the one that its region holds all the same, and of two at the same time the primary region's stays.
 * A deleted item keeps its number, as a tombstone against older writes that are still on their way.
 */
class WriteOrder {
  #last = 0;
  readonly #stamp: (region: RegionType) => number;
  readonly #held: Readonly<Record<RegionType, Map<string, number>>> = { primary: new Map(), secondary: new Map() };

  /** @param stamp - @default - counts the writes of both regions */
  constructor(stamp: (region: RegionType) => number = () => this.#last + 1) {
    this.#stamp = stamp;
  }

  /** Numbers a write that a client made in this region. */
  next(region: RegionType, write: ItemWrite): number {
    const item = itemOf(write);
    this.#last = Math.max(this.#stamp(region), (this.#held[region].get(item) ?? 0) + 1);
    this.#held[region].set(item, this.#last);
    return this.#last;
  }

  /** Whether a write that arrives in this region is later than what it holds; if so, the region holds it from now on. */
  accept(region: RegionType, write: ItemWrite, order: number): boolean {
    const item = itemOf(write);
    const held = this.#held[region].get(item) ?? 0;
    if (held > order || (held === order && region === 'primary')) return false;
    this.#held[region].set(item, order);
    return true;
  }

  /** For when no write is on its way: whatever arrives later is later. */
  forget(): void {
    this.#held.primary.clear();
    this.#held.secondary.clear();
  }
}

/** Table names hold no slash. */
const itemOf = ({ table, key }: ItemWrite): string => `${table}/${key}`;
