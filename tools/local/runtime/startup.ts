import type { Service } from '#local/http/listen.ts';

/** A start-up step that is done. */
export interface Step {
  readonly name: string;
  readonly milliseconds: number;
}

/** Keeps what a start-up has started, so that it ends in reverse order: at the end, and when a later step fails. */
export class Startup implements Service {
  readonly #started: Service[] = [];
  readonly #onStep: (step: Step) => void;
  #closing: Promise<void> | undefined;

  constructor(onStep: (step: Step) => void = () => {}) {
    this.#onStep = onStep;
  }

  /** Runs a step and reports how long it took. */
  async step<T>(name: string, run: () => Promise<T> | T): Promise<T> {
    const startedAt = performance.now();
    const result = await run();
    this.#onStep({ name, milliseconds: performance.now() - startedAt });
    return result;
  }

  /** Takes charge of ending a service. One that has started only after the end began is ended at once. */
  keep<T extends Service>(service: T): T {
    if (this.#closing) void service.close();
    else this.#started.push(service);
    return service;
  }

  /** Ends everything, the last first; what one of them throws keeps no other from ending. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const errors: unknown[] = [];
    for (const service of this.#started.reverse()) {
      await service.close().catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw new AggregateError(errors, 'Not everything of the runtime has ended.');
  }
}
