import { randomUUID } from 'node:crypto';
import { type EnvironmentEvents, ExecutionEnvironment, type PendingInvocation } from './execution-environment.ts';
import { type Program, taskRootOf } from './function-process.ts';
import { type Cause, failureLine, failureOf, type InvokeResult } from './invoke-result.ts';

export interface PoolLimits {
  /** Processes of one version. @default 10 */
  readonly maxEnvironments: number;
  /** How long a request waits for a busy process before another is started. @default 5 */
  readonly patienceMilliseconds: number;
  /** How long a process is kept without work. @default 30 */
  readonly idleSeconds: number;
}

/** Where debuggers come: one process, which stays, so that a breakpoint is where the request is. */
export const DEBUGGED_POOL_LIMITS = { maxEnvironments: 1, idleSeconds: 1_000_000 } as const;

export const defaultPoolLimits: PoolLimits = { maxEnvironments: 10, patienceMilliseconds: 5, idleSeconds: 30 };

/** A wait that is shorter than it takes another process to wake up and get a processor. */
const BRIEF_MILLISECONDS = 0.5;

/** Never more than this is sent to a process ahead of its responses. */
const MAX_AHEAD = 16;

const closed: Cause = { kind: 'crash', reason: 'The local runtime has ended' };

/** The execution environments of one function version, and the requests that wait for one. */
export class FunctionPool {
  readonly #program: Program;
  readonly #limits: PoolLimits;
  readonly #report: EnvironmentEvents['report'];
  readonly #refused: EnvironmentEvents['refused'];
  readonly #ran: EnvironmentEvents['ran'];
  readonly #waiting: PendingInvocation[] = [];
  #environments: ExecutionEnvironment[] = [];
  #lastReadyAt = 0;
  #tick: NodeJS.Timeout | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #onEmpty: (() => void)[] = [];
  #closing = false;
  /** Nothing leads here any more: what is under way is served, and processes end as they come to rest. */
  #retired = false;
  /** The last init has failed, and none has succeeded since. */
  #initFailed = false;

  constructor(options: {
    readonly program: Program;
    readonly limits: PoolLimits;
    readonly report: EnvironmentEvents['report'];
    readonly refused: EnvironmentEvents['refused'];
    readonly ran: EnvironmentEvents['ran'];
  }) {
    this.#program = options.program;
    this.#limits = options.limits;
    this.#report = options.report;
    this.#refused = options.refused;
    this.#ran = options.ran;
    this.#program.debugged?.door.serve(() => {
      if (this.#environments.length === 0 && !this.#closing) this.#start();
    });
  }

  /**
   * @param event - JSON
   * @param given - id of the trace that it belongs to @default - a trace begins here
   * @param onRan - hears how many milliseconds the handler itself took, of one that came to its end
   */
  invoke(
    event: string,
    invokedFunctionArn: string,
    given?: string,
    onRan?: (milliseconds: number) => void,
  ): Promise<InvokeResult> {
    const requestId = randomUUID();
    const traceId = given ?? newTraceId(requestId);
    if (this.#closing) return Promise.resolve(failureOf(requestId, closed));
    return new Promise((resolve) => {
      const settle: PendingInvocation['settle'] = (result, milliseconds) => {
        if (milliseconds !== undefined) onRan?.(milliseconds);
        resolve(result);
      };
      this.#waiting.push({ requestId, traceId, invokedFunctionArn, event, enqueuedAt: performance.now(), settle });
      this.#dispatch();
    });
  }

  /** Serves what is under way or still comes, and keeps no process for more. @returns resolves when the last one has ended */
  async retire(): Promise<void> {
    this.#retired = true;
    this.#endResting();
    if (this.#environments.length > 0) await new Promise<void>((resolve) => this.#onEmpty.push(resolve));
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#tick);
    clearInterval(this.#sweep);
    this.#failWaiting(closed);
    if (this.#environments.length === 0) return;
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty.push(resolve);
    });
    for (const environment of this.#environments) environment.end(closed);
    await empty;
  }

  #dispatch(): void {
    if (this.#closing) return;
    while (this.#waiting.length > 0) {
      const environment = this.#freest();
      const next = environment && this.#waiting.shift();
      if (!next) break;
      environment.send(next);
    }
    if (this.#waiting.length > 0 && this.#environments.length === 0) this.#start();
    this.#tick ??= this.#needsTick() ? setTimeout(() => this.#onTick(), this.#limits.patienceMilliseconds) : undefined;
  }

  /** The first without work, or with so little that another need not be woken: surplus ones stay idle and end. Else the one with the most room. */
  #freest(): ExecutionEnvironment | undefined {
    let freest: ExecutionEnvironment | undefined;
    for (const environment of this.#environments) {
      if (environment.state !== 'ready') continue;
      if (environment.load === 0) return environment;
      if (environment.load >= this.#capacityOf(environment) || this.#isSlow(environment)) continue;
      if (environment.load * (environment.meanMilliseconds ?? Infinity) < BRIEF_MILLISECONDS) return environment;
      if (environment.load < (freest?.load ?? Infinity)) freest = environment;
    }
    return freest;
  }

  /** As many invocations as it gets done while a request is patient; one until it is known how long they take. */
  #capacityOf({ meanMilliseconds }: ExecutionEnvironment): number {
    if (meanMilliseconds === undefined) return 1;
    const capacity = Math.floor(this.#limits.patienceMilliseconds / Math.max(meanMilliseconds, 0.001));
    return Math.min(MAX_AHEAD, Math.max(1, capacity));
  }

  #isSlow({ load, millisecondsSinceChange }: ExecutionEnvironment): boolean {
    return load > 0 && millisecondsSinceChange > this.#limits.patienceMilliseconds;
  }

  #needsTick(): boolean {
    return this.#waiting.length > 0 || this.#environments.some(({ load }) => load > 1);
  }

  #onTick(): void {
    this.#tick = undefined;
    const { patienceMilliseconds, maxEnvironments } = this.#limits;
    for (const environment of this.#environments) {
      if (this.#isSlow(environment)) environment.recall();
    }
    const oldest = this.#waiting[0];
    const waitedSince = Math.max(oldest?.enqueuedAt ?? Infinity, this.#lastReadyAt);
    const starting = this.#environments.some(({ state }) => state === 'loading');
    const impatient = performance.now() - waitedSince >= patienceMilliseconds;
    if (impatient && !starting && this.#environments.length < maxEnvironments) this.#start();
    this.#dispatch();
  }

  #start(): void {
    const taskRoot = taskRootOf(this.#program.source);
    if (taskRoot === undefined) {
      const { source, missing = `No package at ${source}: synthesize again` } = this.#program;
      const errorMessage = `Error: ${missing}.`;
      this.#failWaiting({ kind: 'error', errorType: 'Runtime.ImportModuleError', errorMessage });
      return;
    }
    const environment = new ExecutionEnvironment(this.#program, taskRoot, {
      ready: () => {
        this.#lastReadyAt = performance.now();
        this.#initFailed = false;
        this.#dispatch();
        if (this.#retired) this.#endResting();
      },
      room: () => {
        this.#dispatch();
        if (this.#retired) this.#endResting();
      },
      givenBack: (invocations) => {
        this.#waiting.unshift(...invocations);
        this.#waiting.sort((one, other) => one.enqueuedAt - other.enqueuedAt);
        this.#dispatch();
      },
      ended: (ended, cause) => this.#environmentEnded(ended, cause),
      refused: this.#refused,
      ran: this.#ran,
      report: (origin, time, line) =>
        this.#report(origin.requestId === '' ? (this.#waiting[0] ?? origin) : origin, time, line),
    });
    this.#environments.push(environment);
    this.#sweep ??= setInterval(() => this.#endIdle(), this.#limits.idleSeconds * 500).unref();
  }

  /**
   * A failed init is repeated once; whoever waits for an environment that cannot load then fails with it: another would not load either.
   *
   * Source: AWS Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle", failures during the init phase.
   */
  #environmentEnded(environment: ExecutionEnvironment, cause: Cause | undefined): void {
    this.#environments = this.#environments.filter((each) => each !== environment);
    const repeat = cause !== undefined && !this.#initFailed && !this.#closing;
    if (cause && !repeat) {
      const alone = !this.#environments.some(({ state }) => state === 'ready');
      this.#failWaiting(cause, alone ? this.#waiting.length : 1);
    }
    if (cause) this.#initFailed = repeat;
    if (this.#environments.length === 0) {
      clearInterval(this.#sweep);
      this.#sweep = undefined;
      for (const resolve of this.#onEmpty.splice(0)) resolve();
    }
    this.#dispatch();
  }

  #failWaiting(cause: Cause, count = this.#waiting.length): void {
    for (const waiting of this.#waiting.splice(0, count)) {
      const failure = failureOf(waiting.requestId, cause);
      this.#report(waiting, Date.now(), failureLine(failure));
      waiting.settle(failure);
    }
  }

  #endResting(): void {
    for (const environment of this.#environments) {
      if (environment.state === 'ready' && environment.load === 0) environment.end(closed);
    }
  }

  #endIdle(): void {
    for (const environment of this.#environments) {
      const isIdle = environment.state === 'ready' && environment.load === 0;
      if (isIdle && environment.millisecondsSinceChange > this.#limits.idleSeconds * 1000) environment.end(closed);
    }
  }
}

/** Source: AWS X-Ray Developer Guide, "Trace ID format". */
function newTraceId(requestId: string): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `1-${seconds}-${requestId.replaceAll('-', '').slice(0, 24)}`;
}
