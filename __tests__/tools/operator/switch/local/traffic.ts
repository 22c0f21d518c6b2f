import { setTimeout as sleep } from 'node:timers/promises';
import { RawClient, type RawRequest } from '#tests/support/hostile/raw-client.ts';

/** One client: it sends the same request over one connection, again as soon as it is answered. */
export interface Client {
  readonly port: number;
  readonly request: RawRequest;
  /** Whether the answer's body names the environment: `{"env":"envA",…}`. */
  readonly tellsEnvironment: boolean;
}

/** A time in which every answer has to come from one environment; undefined while a switch is under way. */
interface Period {
  readonly environment: string | undefined;
}

/** Requests, each as soon as the one before has its response and a pause is over, and what becomes of them. */
export class Traffic {
  /** Requests that were not answered with 2xx, or by another environment than they had to be: what came instead. */
  readonly failures: string[] = [];
  /** Environment → answers that named it, since the last switch began. */
  readonly seen = new Map<string, number>();
  #answered = 0;
  #period: Period;
  #wanted = 0;
  #onWanted = () => {};
  #stopped = false;
  readonly #pauseMilliseconds: number;
  readonly #loops: Promise<void>[];

  /** @param pauseMilliseconds - what every client waits before its next request. @default 0 */
  constructor(clients: readonly Client[], environment: string, pauseMilliseconds = 0) {
    this.#pauseMilliseconds = pauseMilliseconds;
    this.#period = { environment };
    this.#loops = clients.map((client) => this.#send(client));
  }

  get answered(): number {
    return this.#answered;
  }

  /** From now on either environment may answer. */
  switchBegins(): void {
    this.#period = { environment: undefined };
    this.seen.clear();
  }

  /** Whatever is sent from now on has to be answered by this environment. */
  switchEnded(environment: string): void {
    this.#period = { environment };
  }

  /** Waits until so many requests have been answered in all. */
  reach(count: number): Promise<void> {
    if (this.#answered >= count) return Promise.resolve();
    this.#wanted = count;
    return new Promise((resolve) => {
      this.#onWanted = resolve;
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
  }

  async #send({ port, request, tellsEnvironment }: Client): Promise<void> {
    const client = new RawClient(port);
    while (!this.#stopped) {
      const period = this.#period;
      const { status, body } = await client.send(request).catch((error: unknown) => ({ status: 0, body: `${error}` }));
      const environment = tellsEnvironment ? /"env":"(\w+)"/.exec(body)?.[1] : undefined;
      this.#judge({
        status,
        body,
        environment,
        tellsEnvironment,
        period,
        target: `${request.method} ${request.target}`,
      });
      if (++this.#answered === this.#wanted) this.#onWanted();
      if (this.#pauseMilliseconds > 0) await sleep(this.#pauseMilliseconds);
    }
    client.close();
  }

  #judge(answer: {
    readonly status: number;
    readonly body: string;
    readonly environment: string | undefined;
    readonly tellsEnvironment: boolean;
    /** In which it was sent. */
    readonly period: Period;
    readonly target: string;
  }): void {
    const { status, body, environment, tellsEnvironment, period, target } = answer;
    if (environment !== undefined) this.seen.set(environment, (this.seen.get(environment) ?? 0) + 1);
    // Of a request that a switch overtook nobody knows who had to answer it.
    const due = period === this.#period && tellsEnvironment ? period.environment : undefined;
    const isRight = status >= 200 && status < 300 && (due === undefined || environment === due);
    if (!isRight) this.failures.push(`${target}: ${status} ${body.slice(0, 200)}, due was ${due ?? 'either'}`);
  }
}
