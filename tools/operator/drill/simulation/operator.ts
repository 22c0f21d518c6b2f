import { EMPTY_JOURNAL, type SwitchJournal, unfinished } from '#operator/journal/switch-journal.ts';
import type { LockRecord } from '#operator/lock/lock-store.ts';
import type { CatchUpItem } from '#operator/regions/catch-up.ts';
import { moveRoute } from '#operator/route/move-route.ts';
import type { SwitchPlace, SwitchRequest } from '#operator/switch/switch-ports.ts';
import { switchStage } from '#operator/switch/switch-stage.ts';
import type { RegionType } from '#stacks/context.ts';
import type { World } from './world.ts';

const STEP_MILLISECONDS = 1000;
/** What a killed command waits for. */
const NEVER = new Promise<never>(() => undefined);

/** Whoever runs `switch`, `deploy` and `route-away` on a simulated stage: the commands themselves, with ports to the world. */
export class Operator {
  readonly #world: World;
  journal: SwitchJournal = EMPTY_JOURNAL;
  #lock: LockRecord | undefined;
  #commands = 0;
  readonly #gone = new Set<number>();
  #content = 0;
  readonly #catchUp: Record<RegionType, readonly CatchUpItem[]> = { primary: [], secondary: [] };

  constructor(world: World) {
    this.#world = world;
  }

  /** Whether a command has said that a switch is neither here nor there. */
  get saysUnfinished(): boolean {
    return unfinished(this.journal) !== undefined;
  }

  /** @param killedAfter - steps after which the command is gone, with nobody to put anything back. @default - it is not killed */
  async switch(request: SwitchRequest, killedAfter: number | null = null): Promise<void> {
    const pid = ++this.#commands;
    let left = killedAfter ?? Number.POSITIVE_INFINITY;
    const step = async <T>(work: () => T): Promise<T> => {
      left -= 1;
      if (left < 0) {
        this.#gone.add(pid);
        return NEVER;
      }
      await this.#world.clock.wait(STEP_MILLISECONDS);
      return work();
    };
    const owner = { user: 'operator', host: 'simulated', pid };
    await switchStage(this.#place(step), request, {
      owner,
      confirm: async () => undefined,
      now: () => this.#world.clock.time(),
      every: (milliseconds, work) => this.#every(milliseconds, work),
      isGone: (other) => this.#gone.has(other.pid),
      token: `command-${pid}`,
    }).catch(() => undefined);
  }

  async deploy(environment: string): Promise<void> {
    this.#content += 1;
    const codeSha256 = Buffer.from(`content ${this.#content}`).toString('base64');
    const { releases } = this.#world;
    const renewed = (type: RegionType) => {
      const region = releases.shared().regions[type];
      return { ...region, functions: region.functions.map((each) => ({ ...each, codeSha256 })) };
    };
    const load = async () => ({
      ...releases.shared(),
      regions: { primary: renewed('primary'), secondary: renewed('secondary') },
    });
    await releases.deploy(environment, load).catch(() => undefined);
  }

  async route(kind: 'away' | 'back', region: RegionType): Promise<void> {
    const { routes, resolver } = this.#world;
    const place = {
      stage: 'dev',
      isProduction: false,
      flags: '',
      active: 'primary',
      stores: routes,
      responding: async () => resolver.current()?.region,
      timeScale: 1,
      watchAtLeast: 0,
    } as const;
    await moveRoute(place, { kind, region, wait: false }, async () => undefined).catch(() => undefined);
  }

  /** What operators are told to do, until all is as it should be: traffic back, and a switch at its end. */
  async tidy(): Promise<void> {
    await this.route('back', 'primary');
    await this.route('back', 'secondary');
    if (this.saysUnfinished) await this.switch({ kind: 'resume' });
    if (this.saysUnfinished) await this.switch({ kind: 'revert' });
  }

  #every(milliseconds: number, work: () => void): () => void {
    const { clock } = this.#world;
    let stop = () => {};
    const wait = () => {
      stop = clock.after(milliseconds, () => {
        work();
        wait();
      });
    };
    wait();
    return () => stop();
  }

  #place(step: <T>(work: () => T) => Promise<T>): SwitchPlace {
    const world = this.#world;
    const parts = () => world.target.targets();
    const requireThere = (type: RegionType) => {
      if (world.isGone(type)) throw new Error(`The ${type} region does not answer.`);
    };
    const requireEnvironment = (type: RegionType, environment: string) => {
      requireThere(type);
      if (parts()[`entry-${type}`] !== environment && !world.isPlanted('forgotten-revert')) {
        throw new Error(`The ${type} region leads to ${parts()[`entry-${type}`]}.`);
      }
    };
    const said = { asked: 20, others: 0 };
    const moves = new Map<string, number>();
    return {
      stage: 'dev',
      flags: '',
      environments: ['envA', 'envB'],
      isProduction: false,
      timeScale: 1,
      ports: {
        target: () => step(() => parts()['entry-primary']),
        contentHash: async () => undefined,
        preflight: () =>
          step(() =>
            (['primary', 'secondary'] as const).flatMap((regionType) =>
              world.isGone(regionType) ? [{ regionType, message: 'does not answer' }] : [],
            ),
          ),
        sampleData: async () => ({ read: {}, problems: [] }),
        standby: async () => 'secondary',
        move: (part, environment) =>
          step(() => {
            const before = moves.get(part) ?? 0;
            moves.set(part, before + 1);
            // Planted: what was moved once and is to go back stays where it is, and nobody looks.
            if (world.isPlanted('forgotten-revert') && before > 0) return;
            world.target.move(part, environment);
          }),
        verifyRegion: (regionType, environment) =>
          step(() => {
            requireEnvironment(regionType, environment);
            return said;
          }),
        verifyPublicName: (environment) =>
          step(() => {
            for (const type of ['primary', 'secondary'] as const) requireEnvironment(type, environment);
            return said;
          }),
        alarms: async () => [],
        health: async () => undefined,
        canary: {
          obstacles: async () => [],
          weigh: async () => undefined,
          unweigh: async () => undefined,
          weighed: async () => [],
          compare: async () => ({ verdict: 'well', reasons: [], requests: 0, functions: [] }),
        },
      },
      journal: {
        read: () => step(() => this.journal),
        write: (journal) =>
          step(() => {
            this.journal = journal;
          }),
      },
      locks: [
        {
          read: () => step(() => this.#lock),
          replace: (expected, next) =>
            step(() => {
              if (this.#lock?.token !== expected?.token || this.#lock?.expires !== expected?.expires) return false;
              this.#lock = next;
              return true;
            }),
        },
      ],
      catchUp: {
        read: async (lost) => this.#catchUp[lost],
        write: async (lost, items) => {
          this.#catchUp[lost] = items;
        },
      },
      replay: () => Promise.reject(new Error('Nothing is recorded.')),
      requireUsable: async () => undefined,
      close: async () => undefined,
    };
  }
}
