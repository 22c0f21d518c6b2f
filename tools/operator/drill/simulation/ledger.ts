import type { RegionType } from '#stacks/context.ts';
import type { World } from './world.ts';

/** A write as it was made in a table: what DynamoDB knows of it. */
interface Made {
  readonly region: RegionType;
  /** What was written; undefined: deleted. */
  readonly value: string;
  /** Milliseconds of the simulated time, as nobody's clock shows them. */
  readonly at: number;
}

/** Two clocks that differ decide by themselves which of two writes is the later one, when they are no further apart than this. */
const ROUNDING_MILLISECONDS = 5;

/** All writes of a run, made and acknowledged, against which both regions are held. */
export class Ledger {
  readonly #made = new Map<string, Made[]>();
  readonly #acked = new Map<string, Set<string>>();
  /** The most that the regions' clocks have differed. */
  #difference = 0;

  /** Hears of every write of the world's regions from now on. */
  listen(world: World): void {
    for (const region of ['primary', 'secondary'] as const) {
      world.regions[region].tables.onWrite(({ key, item, table }) => {
        if (!table.endsWith('-user')) return;
        const { id, name } = Object(JSON.parse(item ?? '{}'));
        const made = this.#made.get(id?.S ?? key) ?? [];
        made.push({ region, value: String(name?.S), at: world.clock.now() });
        this.#made.set(id?.S ?? key, made);
        this.#difference = Math.max(this.#difference, Math.abs(world.skewOf('primary') - world.skewOf('secondary')));
      });
    }
  }

  acknowledge(id: string, value: string): void {
    this.#acked.set(id, (this.#acked.get(id) ?? new Set()).add(value));
  }

  get acknowledged(): number {
    return [...this.#acked.values()].reduce((sum, values) => sum + values.size, 0);
  }

  /** What is wrong with what the regions hold, once all has arrived. */
  problems(held: Readonly<Record<RegionType, ReadonlyMap<string, string>>>): readonly string[] {
    const ids = new Set([...this.#made.keys(), ...held.primary.keys(), ...held.secondary.keys()]);
    return [...ids].flatMap((id) => {
      const [here, there] = [held.primary.get(id), held.secondary.get(id)];
      if (here !== there) return [`The regions differ: of ${id} primary holds ${here}, secondary ${there}.`];
      return this.#problemsOf(id, here);
    });
  }

  #problemsOf(id: string, value: string | undefined): readonly string[] {
    const made = this.#made.get(id) ?? [];
    const acked = this.#acked.get(id) ?? new Set();
    const stayed = made.find((each) => each.value === value);
    if (stayed === undefined) {
      if (made.length === 0) return [];
      return [
        acked.size > 0
          ? `Acknowledged writes of ${id} are lost: both regions hold ${value}.`
          : `Both regions hold ${value} of ${id}, which nobody wrote.`,
      ];
    }
    const later = made.find((each) => each !== stayed && this.#isLater(each, stayed));
    if (later === undefined) return [];
    const lost = acked.has(later.value) ? 'An acknowledged write is lost' : 'The last writer did not win';
    return [
      `${lost}: of ${id} both regions hold ${value}, written in the ${stayed.region} region at ${seconds(stayed.at)}; ` +
        `${later.value} was written in the ${later.region} region at ${seconds(later.at)}.`,
    ];
  }

  /** Source: DynamoDB Developer Guide, "Global tables", conflict resolution: last writer wins, by time stamps that the service itself makes. */
  #isLater(one: Made, other: Made): boolean {
    if (one.region === other.region) return one.at > other.at;
    return one.at > other.at + this.#difference + ROUNDING_MILLISECONDS;
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(3)} s`;
}
