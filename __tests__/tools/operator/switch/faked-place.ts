import { EMPTY_JOURNAL, type JournalStore, type SwitchJournal } from '#operator/journal/switch-journal.ts';
import type { LockRecord, LockStore } from '#operator/lock/lock-store.ts';
import type { CatchUpItem } from '#operator/regions/catch-up.ts';
import type { ReplayReport } from '#operator/replay/replay-report.ts';
import type { Comparison } from '#operator/switch/canary/compare-versions.ts';
import type { Obstacle, RegionAlarm, Responses, SwitchPlace, TargetPart } from '#operator/switch/switch-ports.ts';
import type { RegionType } from '#stacks/context.ts';

/** What a step of the faked stage is called: `move entry-primary envB`, `verify primary envB`. */
export type StepName = string;

/** New versions that do what the old ones did. */
export const WELL: Comparison = { verdict: 'well', reasons: [], requests: 100, functions: [] };

/**
 * A stage without AWS. Its parts, journal and lock outlive a command, so that several commands can follow one another.
 */
export class FakedPlace {
  readonly parts: Record<TargetPart, string> = { 'entry-primary': 'envA', 'entry-secondary': 'envA' };
  readonly hashes: Record<string, string> = { envA: 'aaa', envB: 'bbb' };
  readonly taken: StepName[] = [];
  obstacles: readonly Obstacle[] = [];
  /** What the environment that is to go live could not read. */
  unreadable: readonly string[] = [];
  /** What its alarm says, region by region. */
  alarms: readonly RegionAlarm[] = [];
  standby: RegionType = 'secondary';
  /** Called before each step; what it throws is what the step fails with. */
  onStep: (step: StepName) => void | Promise<void> = () => undefined;
  /** What the region that went first is found to lack, each time that it is looked at. */
  onLook: (look: number) => string | undefined | Promise<string | undefined> = () => undefined;
  looks = 0;
  /** Percent of its invocations for which a region's live aliases run the new versions. */
  readonly weights: Record<RegionType, number> = { primary: 0, secondary: 0 };
  /** Why there can be no canary. */
  canaryObstacles: readonly Obstacle[] = [];
  /** How the versions compare, each time that they are compared. */
  onCompare: () => Comparison | Promise<Comparison> = () => WELL;
  /** What comes of a replay. */
  onReplay: (way: { readonly from: string; readonly to: string }) => ReplayReport = () => {
    throw new Error('Nobody asked for a replay.');
  };
  /** A move that fails has been made all the same: Terraform may fail at its very end. */
  failsAfterMove = false;
  lock: LockRecord | undefined;
  /** What each region has to catch up on. */
  readonly catchUp: Record<RegionType, readonly CatchUpItem[]> = { primary: [], secondary: [] };
  journal: SwitchJournal = EMPTY_JOURNAL;
  /** Journal writes that are still answered; afterwards nothing is: the command was killed. */
  writesLeft = Number.POSITIVE_INFINITY;

  get place(): SwitchPlace {
    return {
      stage: 'dev',
      flags: '',
      environments: ['envA', 'envB', 'envC'],
      isProduction: false,
      // A watch of 15 min takes 9 ms.
      timeScale: 100_000,
      ports: {
        target: async () => this.parts['entry-primary'],
        contentHash: async (environment) => this.hashes[environment],
        preflight: async () => this.obstacles,
        sampleData: async () => ({ read: { user: 100 }, problems: this.unreadable }),
        standby: async () => this.standby,
        move: (part, environment) => this.#move(part, environment),
        verifyRegion: (regionType, environment) => this.#verify(`entry-${regionType}`, regionType, environment),
        verifyPublicName: async (environment) => {
          for (const part of ['entry-primary', 'entry-secondary'] as const) {
            await this.#verify(part, 'public', environment);
          }
          return { asked: 20, others: 0 };
        },
        alarms: async () => this.alarms,
        health: async () => this.onLook(++this.looks),
        canary: {
          obstacles: async () => this.canaryObstacles,
          weigh: (regionType, { percent }) => this.#weigh(regionType, percent),
          unweigh: (regionType) => this.#weigh(regionType, 0),
          weighed: async (regionType) => (this.weights[regionType] > 0 ? [this.parts[`entry-${regionType}`]] : []),
          compare: async () => this.onCompare(),
        },
      },
      journal: this.#journalStore(),
      locks: [this.lockStore()],
      catchUp: {
        hasStates: true,
        read: async (lost) => this.catchUp[lost],
        write: async (lost, items) => {
          this.catchUp[lost] = items;
        },
      },
      replay: async (way) => this.onReplay(way),
      requireUsable: async () => undefined,
      close: async () => undefined,
    };
  }

  /** Where live traffic goes, one entry if everywhere the same. */
  get live(): readonly string[] {
    return [...new Set(Object.values(this.parts))];
  }

  lockStore(): LockStore {
    return {
      read: async () => this.lock,
      replace: async (expected, next) => {
        if (this.lock?.token !== expected?.token || this.lock?.expires !== expected?.expires) return false;
        this.lock = next;
        return true;
      },
    };
  }

  #journalStore(): JournalStore {
    return {
      read: async () => structuredClone(this.journal),
      write: async (journal) => {
        if (this.writesLeft <= 0) await new Promise(() => undefined);
        this.writesLeft -= 1;
        this.journal = structuredClone(journal);
      },
    };
  }

  async #move(part: TargetPart, environment: string): Promise<void> {
    const step = `move ${part} ${environment}`;
    this.taken.push(step);
    if (this.failsAfterMove) this.parts[part] = environment;
    await this.onStep(step);
    this.parts[part] = environment;
  }

  async #weigh(regionType: RegionType, percent: number): Promise<void> {
    const step = `weigh ${regionType} ${percent}`;
    this.taken.push(step);
    await this.onStep(step);
    this.weights[regionType] = percent;
  }

  async #verify(part: TargetPart, name: string, environment: string): Promise<Responses> {
    const step = `verify ${name} ${environment}`;
    if (this.taken.at(-1) !== step) this.taken.push(step);
    await this.onStep(step);
    if (this.parts[part] !== environment) throw new Error(`${part} leads to ${this.parts[part]}`);
    return { asked: 20, others: 0 };
  }
}
