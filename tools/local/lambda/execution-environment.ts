import { runningTime, stand } from '#local/debug/running-time.ts';
import { DEBUGGER_MB, type FunctionProcess, type Program, startFunctionProcess } from './function-process.ts';
import { type Cause, causeOf, failureLine, failureOf, type InvokeResult, type ProcessEnd } from './invoke-result.ts';

import { residentMemoryMb, Watchdog } from './watchdog.ts';

/** A request for the function, kept until it is answered. */
export interface PendingInvocation {
  readonly requestId: string;
  /** Of X-Ray. */
  readonly traceId: string;
  readonly invokedFunctionArn: string;
  /** JSON. */
  readonly event: string;
  /** `performance.now()` when it came. */
  readonly enqueuedAt: number;
  /** @param milliseconds - that the handler itself took; undefined where it did not come to its end */
  readonly settle: (result: InvokeResult, milliseconds?: number) => void;
}

/** The invocation that a line of output belongs to. */
export type Origin = Partial<Pick<PendingInvocation, 'traceId'>> &
  Pick<PendingInvocation, 'invokedFunctionArn' | 'requestId'>;

/** What the pool is told. */
export interface EnvironmentEvents {
  /** The function is loaded. */
  readonly ready: () => void;
  /** An invocation was answered: there is room for another. */
  readonly room: () => void;
  /** These were sent but did not begin. */
  readonly givenBack: (invocations: readonly PendingInvocation[]) => void;
  /** It has ended; `cause` when it did before the function was loaded. */
  readonly ended: (environment: ExecutionEnvironment, cause?: Cause) => void;
  /** `requestId` is empty while the function loads. */
  readonly report: (origin: Origin, time: number, line: string) => void;
  /** A connection of the function's was refused. */
  readonly refused: (origin: Origin, time: number, message: string) => void;
  /** The handler has responded, or failed, after so many milliseconds of its own. */
  readonly ran: (origin: Origin, milliseconds: number) => void;
}

/** "Understanding the Lambda execution environment lifecycle": the init phase is limited to ten seconds. */
const INIT_SECONDS = 10;
const SMOOTHING = 0.2;

/**
 * One process that runs one invocation at a time, as Lambda's execution environments do. More may be sent ahead, so that it does not wait for the
 * runtime between short ones; the oldest unanswered one is the one that runs.
 */
export class ExecutionEnvironment {
  readonly #program: Program;
  readonly #events: EnvironmentEvents;
  readonly #process: FunctionProcess;
  readonly #watchdog: Watchdog;
  readonly #sent: PendingInvocation[] = [];
  readonly #recalled = new Set<PendingInvocation>();
  #state: 'ended' | 'ending' | 'loading' | 'ready' = 'loading';
  #loaded = false;
  /** Ends the wait for a debugger, in which no time passes. */
  #goOn = () => {};
  #beganAt = runningTime();
  #meanMilliseconds: number | undefined;
  #lastAnswered: Origin = { requestId: '', invokedFunctionArn: '' };
  #killed: { readonly cause: Cause; readonly victim: PendingInvocation | undefined } | undefined;
  #loadError: Cause | undefined;

  constructor(program: Program, taskRoot: string, events: EnvironmentEvents) {
    this.#program = program;
    this.#events = events;
    if (program.debugged?.waits) this.#goOn = stand();
    this.#process = startFunctionProcess(program, taskRoot, {
      line: (line) => this.#receive(line),
      output: (line) => events.report(this.#origin(), Date.now(), line),
      ending: () => this.#ending(),
      end: (end) => this.#processEnded(end),
    });
    const memoryMb = program.memoryMb + (program.debugged ? DEBUGGER_MB : 0);
    this.#watchdog = new Watchdog({
      remainingMilliseconds: () => this.#remainingMilliseconds(),
      isOverMemory: () => (residentMemoryMb(this.#process.pid) ?? 0) > memoryMb,
      bite: (why) => this.end(why === 'timeout' ? { kind: 'timeout', seconds: program.timeoutSeconds } : outOfMemory),
    });
    this.#watchdog.wake();
  }

  get state(): 'ended' | 'ending' | 'loading' | 'ready' {
    return this.#state;
  }

  /** How many invocations it has, the running one included. */
  get load(): number {
    return this.#sent.length;
  }

  /** How long an invocation takes, smoothed; undefined before the first response. */
  get meanMilliseconds(): number | undefined {
    return this.#meanMilliseconds;
  }

  /** Since the oldest unanswered invocation began, or since the last response. */
  get millisecondsSinceChange(): number {
    return runningTime() - this.#beganAt;
  }

  send(invocation: PendingInvocation): void {
    if (this.#sent.push(invocation) === 1) this.#beganAt = runningTime();
    const { requestId, traceId, invokedFunctionArn, event } = invocation;
    this.#process.write(`I\t${requestId}\t${traceId}\t${invokedFunctionArn}\t${event}\n`);
    this.#watchdog.wake();
  }

  /** Asks back what was sent ahead; a process that is too busy to respond keeps it. */
  recall(): void {
    for (const invocation of this.#sent.slice(1)) {
      if (this.#recalled.has(invocation)) continue;
      this.#recalled.add(invocation);
      this.#process.write(`U\t${invocation.requestId}\n`);
    }
  }

  /** Ends the process at once; what runs fails with `cause`. */
  end(cause: Cause): void {
    this.#kill(cause, this.#sent[0]);
  }

  #kill(cause: Cause, victim: PendingInvocation | undefined): void {
    if (this.#state === 'ended' || this.#state === 'ending') return;
    this.#state = 'ending';
    this.#killed = { cause, victim };
    this.#watchdog.stop();
    this.#process.kill();
  }

  #remainingMilliseconds(): number | undefined {
    if (this.#state === 'loading') return INIT_SECONDS * 1000 - this.millisecondsSinceChange;
    if (this.#state !== 'ready' || this.#sent.length === 0) return undefined;
    return this.#program.timeoutSeconds * 1000 - this.millisecondsSinceChange;
  }

  #receive(line: string): void {
    try {
      this.#understand(line);
    } catch {
      // Only a function that writes to the channel itself gets here.
      this.end({ kind: 'crash', reason: 'Runtime exited with error: file descriptor 3 belongs to the runtime' });
    }
  }

  #understand(line: string): void {
    const kind = line[0];
    if (kind === 'A' || kind === 'E' || kind === 'F') {
      this.#answered(kind, line);
      return;
    }
    const [, first = '', time = ''] = line.split('\t', 3);
    if (kind === 'L' || kind === 'N') {
      const text: unknown = JSON.parse(line.slice(first.length + time.length + 4));
      this.#events[kind === 'L' ? 'report' : 'refused'](this.#origin(first), Number(time), String(text));
    } else if (kind === 'R' && this.#state === 'loading') {
      this.#state = 'ready';
      this.#loaded = true;
      this.#goOn();
      this.#beganAt = runningTime();
      this.#events.ready();
    } else if (kind === 'U') {
      const index = this.#sent.findIndex((invocation) => invocation.requestId === first);
      this.#giveBack(index > 0 ? this.#sent.splice(index, 1) : []);
    } else if (kind === 'X') {
      this.#loadError = errorCause(JSON.parse(line.slice(2)));
    }
  }

  #answered(kind: 'A' | 'E' | 'F', line: string): void {
    const invocation = this.#sent[0];
    const durationAt = line.indexOf('\t', 2) + 1;
    const bodyAt = line.indexOf('\t', durationAt) + 1;
    const answered = line.slice(2, durationAt - 1);
    const body: unknown = JSON.parse(line.slice(bodyAt));
    if (!invocation || invocation.requestId !== answered) throw new Error(`No response is due to ${answered}`);
    this.#sent.shift();
    this.#recalled.delete(invocation);
    this.#beganAt = runningTime();
    // The invocation's own id, not the same text of the line: a slice keeps the whole line, of up to 6 MB, for as long as spans and events keep the id.
    const { requestId, traceId, invokedFunctionArn } = invocation;
    this.#lastAnswered = { requestId, traceId, invokedFunctionArn };
    const duration = Number(line.slice(durationAt, bodyAt - 1));
    this.#events.ran(invocation, duration);
    this.#meanMilliseconds = duration * SMOOTHING + (this.#meanMilliseconds ?? duration) * (1 - SMOOTHING);
    // It has its response; what was sent ahead is not to blame.
    if (kind === 'F') this.#kill(errorCause(body), undefined);
    if (kind === 'A') {
      invocation.settle({ ok: true, payload: body, requestId }, duration);
    } else {
      this.#events.report(this.#lastAnswered, Date.now(), `Invoke Error\t${line.slice(bodyAt)}`);
      invocation.settle(failureOf(requestId, errorCause(body)), duration);
    }
    this.#events.room();
  }

  #giveBack(invocations: readonly PendingInvocation[]): void {
    for (const invocation of invocations) this.#recalled.delete(invocation);
    if (invocations.length > 0) this.#events.givenBack(invocations);
  }

  /** @param requestId - empty: of the invocation that runs, or ran last */
  #origin(requestId = ''): Origin {
    const running = this.#sent[0] ?? this.#lastAnswered;
    if (requestId === '' || requestId === running.requestId) return running;
    if (requestId === this.#lastAnswered.requestId) return this.#lastAnswered;
    return this.#sent.find((sent) => sent.requestId === requestId) ?? { requestId, invokedFunctionArn: '' };
  }

  #ending(): void {
    if (this.#state !== 'ended') this.#state = 'ending';
    this.#watchdog.stop();
  }

  #processEnded(end: ProcessEnd): void {
    this.#state = 'ended';
    this.#watchdog.stop();
    this.#goOn();
    const cause = this.#loadError ?? this.#killed?.cause ?? causeOf(end);
    const unanswered = this.#sent.splice(0);
    // A response may have crossed the kill: then the next one has hardly begun and bears no blame.
    const running = this.#killed && this.#killed.victim !== unanswered[0] ? undefined : unanswered.shift();
    if (running) {
      const failure = failureOf(running.requestId, cause);
      this.#events.report(running, Date.now(), failureLine(failure));
      running.settle(failure);
    }
    this.#giveBack(unanswered);
    this.#events.ended(this, this.#loaded ? undefined : cause);
  }
}

const outOfMemory: Cause = { kind: 'crash', reason: 'Runtime exited with error: signal: killed' };

function errorCause(body: unknown): Cause {
  if (typeof body !== 'object' || body === null) throw new Error('An error is an object');
  const { errorType, errorMessage, trace } = { errorType: '', errorMessage: '', trace: undefined, ...body };
  const lines: unknown[] = Array.isArray(trace) ? trace : [];
  return {
    kind: 'error',
    errorType: String(errorType),
    errorMessage: String(errorMessage),
    trace: lines.map(String),
  };
}
