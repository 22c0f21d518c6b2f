import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Service } from '#local/http/listen.ts';
import type { RegionType, Table } from '#local/model/model.ts';
import type { DynamoDbService } from './dynamodb.ts';
import { ReplicationQueue, WriteOrder } from './replication-queue.ts';

const globalNames = (tables: readonly Table[]): ReadonlySet<string> =>
  new Set(tables.filter((table) => table.global).map((table) => table.name));

interface ReplicationOptions {
  readonly primary: DynamoDbService;
  readonly secondary: DynamoDbService;
  /** From a write to its arrival in the other region. */
  readonly lagMilliseconds: number;
  readonly log: RuntimeLog;
}

export interface Replication extends Service {
  /** The regions have got tables: those that are global are replicated from now on. */
  grown(): void;
  /**
   * Applies to writes that are on their way, too.
   *
   * @throws RangeError unless it is a number from 0 on
   */
  setLag(milliseconds: number): void;
  /** The region has failed: it neither sends nor receives, its writes are kept. */
  pause(region: RegionType): void;
  /** Writes whose lag is over arrive at once. */
  resume(region: RegionType): void;
  /** How many writes are on their way or kept. */
  pending(): number;
  /** Resolves once nothing is on its way; while a region is paused that may be never. */
  drained(): Promise<void>;
}

/**
 * Replicates the global tables between two regions, both ways: whole items, the last writer wins. A delete counts as a write.
 * What arrives from the other region isn't sent back.
 *
 * Source: DynamoDB Developer Guide, "Global tables" version 2019.11.21, "How global tables work", conflict resolution.
 */
export function startReplication({ primary, secondary, lagMilliseconds, log }: ReplicationOptions): Replication {
  const order = new WriteOrder();
  const paused = new Set<RegionType>();
  const waiting: (() => void)[] = [];
  let tables = replicatedTables(primary.tables(), secondary.tables(), log);
  const towards = (region: RegionType, service: DynamoDbService): ReplicationQueue =>
    new ReplicationQueue(
      validLag(lagMilliseconds),
      ({ write, order: number, madeAt }) => {
        if (order.accept(region, write, number)) service.replicate(write);
        const { table: name, invocation } = write;
        if (invocation === undefined || !log.spans.areKept) return;
        const milliseconds = performance.now() - madeAt;
        const span = { invocation, region: service.region, name, time: Date.now() - milliseconds, milliseconds };
        log.spans.add({ part: 'replica', ...span });
      },
      settle,
    );
  const queues: Readonly<Record<RegionType, ReplicationQueue>> = {
    primary: towards('primary', primary),
    secondary: towards('secondary', secondary),
  };
  const capture = (region: RegionType, service: DynamoDbService, queue: ReplicationQueue): (() => void) =>
    service.onWrite((write) => {
      if (!tables.has(write.table)) return;
      queue.push({ write, order: order.next(region, write), madeAt: performance.now() });
    });
  const stopCapturing = [
    capture('primary', primary, queues.secondary),
    capture('secondary', secondary, queues.primary),
  ];
  const pending = () => queues.primary.length + queues.secondary.length;
  const eachQueue = (action: (queue: ReplicationQueue) => void) => Object.values(queues).forEach(action);

  function settle(): void {
    if (pending() > 0) return;
    // Both regions hold the same; every write from now on is later than all before.
    order.forget();
    for (const resolve of waiting.splice(0)) resolve();
  }

  return {
    grown: () => {
      tables = replicatedTables(primary.tables(), secondary.tables(), log);
    },
    setLag: (milliseconds) => {
      const lag = validLag(milliseconds);
      eachQueue((queue) => queue.setLag(lag));
    },
    pause: (region) => {
      paused.add(region);
      eachQueue((queue) => queue.hold());
    },
    resume: (region) => {
      paused.delete(region);
      if (paused.size === 0) eachQueue((queue) => queue.release());
    },
    pending,
    drained: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        settle();
      }),
    close: async () => {
      for (const stop of stopCapturing) stop();
      eachQueue((queue) => queue.close());
      settle();
    },
  };
}

function validLag(milliseconds: number): number {
  if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
  throw new RangeError(`The replication lag is ${milliseconds}; it must be a number of milliseconds from 0 on.`);
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
