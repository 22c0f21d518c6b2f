import type * as z from 'zod/mini';
import type { Clock } from '#local/clock.ts';
import type { RegionType } from '#local/model/model.ts';
import type { failureModeSchema, failureSchema } from './failure-schema.ts';

/**
 * How something fails: `refuse`, connections are refused or broken off; `drop`, packets are dropped and nothing ever comes back; `slow`, it
 * responds later (milliseconds of AWS: with a time scale of 10 they take a tenth); `errors`, a share of the requests, 0 to 1, gets a 500.
 */
export type FailureMode = z.infer<typeof failureModeSchema>;

/**
 * What fails, and how. The part is `region`, all of it; `rest`, `http`, all APIs of a kind; `domain`, the custom domains; `certificate`, theirs;
 * `parameters`, Parameter Store; `function:NAME`, `table:NAME`, `bucket:NAME`.
 */
export type Failure = z.infer<typeof failureSchema>;

/** A region that is gone: the failure that `local fail` means by default. */
export const REGION_GONE: Failure = { part: 'region', mode: { kind: 'refuse' } };

/** A region has no such part. */
export class FailureError extends Error {
  override readonly name = 'FailureError';
  readonly exitCode = 2;
}

/** What a failure does to one request; milliseconds are this machine's. */
export type Effect =
  | { readonly kind: 'drop' | 'error' | 'refuse' }
  | { readonly kind: 'slow'; readonly milliseconds: number };

/** How one service is made to fail. */
export interface Faults {
  mode(): FailureMode | undefined;
  /** Of one request. undefined: it is served. */
  effect(): Effect | undefined;
}

interface FailuresOptions {
  /** @default 1 */
  readonly timeScale?: number;
  /** 0 to 1, for those that fail sometimes. @default Math.random */
  readonly random?: () => number;
}

/** Of two ways to fail the greater one is seen. */
const GRAVITY: Readonly<Record<FailureMode['kind'], number>> = { drop: 2, refuse: 2, slow: 1, errors: 0 };

/** What is made to fail, in both regions; a part fails in one way at a time. */
export class Failures {
  readonly #failures: Record<RegionType, Map<string, FailureMode>> = { primary: new Map(), secondary: new Map() };
  readonly #timeScale: number;
  readonly #random: () => number;

  constructor({ timeScale = 1, random = Math.random }: FailuresOptions = {}) {
    this.#timeScale = timeScale;
    this.#random = random;
  }

  set(region: RegionType, { part, mode }: Failure): void {
    this.#failures[region].delete(part);
    this.#failures[region].set(part, mode);
  }

  clear(region: RegionType): void {
    this.#failures[region].clear();
  }

  /** The newest last. */
  of(region: RegionType): readonly Failure[] {
    return [...this.#failures[region]].map(([part, mode]) => ({ part, mode }));
  }

  /** @param parts - that a request needs: the first of those decides that fail most gravely, as where no connection stands nothing else is seen */
  faults(region: RegionType, parts: readonly string[]): Faults {
    const failures = this.#failures[region];
    const mode = () => {
      if (failures.size === 0) return undefined;
      const modes = parts.flatMap((part) => failures.get(part) ?? []);
      return modes.toSorted((one, other) => GRAVITY[other.kind] - GRAVITY[one.kind])[0];
    };
    return { mode, effect: () => this.#effectOf(mode()) };
  }

  #effectOf(mode: FailureMode | undefined): Effect | undefined {
    if (mode?.kind === 'errors') return this.#random() < mode.share ? { kind: 'error' } : undefined;
    return mode?.kind === 'slow' ? { kind: 'slow', milliseconds: mode.milliseconds / this.#timeScale } : mode;
  }
}

/**
 * What becomes of work that must pass a failing part: nothing ever comes back where packets are dropped.
 *
 * @param clock - @default - this machine's, which a delay does not keep running
 */
export async function pass<T>(
  effect: Effect | undefined,
  work: () => Promise<T>,
  failed: () => T,
  clock?: Clock,
): Promise<T> {
  switch (effect?.kind) {
    case undefined:
      return work();
    case 'drop':
      return new Promise(() => {});
    case 'slow':
      await new Promise<void>((resolve) => {
        if (clock) clock.after(effect.milliseconds, resolve);
        else setTimeout(resolve, effect.milliseconds).unref();
      });
      return work();
    default:
      return failed();
  }
}
