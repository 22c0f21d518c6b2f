import type { Colors } from './terminal.ts';

/** How far Terraform is with a stack. */
export interface StackProgress {
  readonly stack: string;
  readonly doing: 'applying' | 'destroying' | 'initializing' | 'planning';
  /** Resources that are done, of how many. Only while applying and destroying. */
  readonly done?: number;
  readonly total?: number;
  /** What has been waited for longest, beyond half a minute. @default - nothing */
  readonly waiting?: {
    readonly address: string;
    readonly seconds: number;
    /** Why, as far as the provider's log tells: `AWS throttles (ThrottlingException of PutParameter, 12 times)`. */
    readonly reason?: string;
  };
}

/** Lines that stay, and at a terminal one line below them that says what is under way. */
export interface ProgressView {
  /** Prints a line that stays. */
  line(text: string): void;
  progress(progress: StackProgress): void;
  /** What is under way until the next line, phase or stack. */
  phase(text: string): void;
  /** The stack is no longer under way. */
  finished(stack: string): void;
  /** Nothing is under way any more. */
  end(): void;
}

/** @param stream - usually stderr: progress is a message, not data */
export function progressView(stream: NodeJS.WriteStream, colors: Colors): ProgressView {
  return stream.isTTY ? new TerminalView(stream, colors) : linesOnly(stream);
}

/** `envA-primary: applying 3 of 14` */
function describeProgress({ stack, doing, done, total, waiting }: StackProgress): string {
  const reason = waiting?.reason === undefined ? '' : `: ${waiting.reason}`;
  const wait = waiting === undefined ? '' : `, waiting for ${waiting.address} since ${waiting.seconds} s${reason}`;
  return total === undefined ? `${stack}: ${doing}` : `${stack}: ${doing} ${done ?? 0} of ${total}${wait}`;
}

/** Off a terminal, one line whenever a stack comes to its next phase. */
function linesOnly(stream: NodeJS.WriteStream): ProgressView {
  const line = (text: string) => stream.write(`${text}\n`);
  return {
    line,
    progress: (progress) => {
      // A wait is told when it begins to be one, and once a minute.
      const waited = progress.waiting?.seconds;
      const tells = waited === undefined ? (progress.done ?? 0) === 0 : waited < 40 || waited % 60 < 10;
      if (tells) line(describeProgress(progress));
    },
    phase: (text) => line(`${text} …`),
    finished: () => undefined,
    end: () => undefined,
  };
}

/** No stack is called so. */
const PHASE = '';

const CLEAR_LINE = '\r\u001b[2K';

class TerminalView implements ProgressView {
  readonly #stream: NodeJS.WriteStream;
  readonly #colors: Colors;
  readonly #under = new Map<string, { readonly text: string; readonly since: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: NodeJS.WriteStream, colors: Colors) {
    this.#stream = stream;
    this.#colors = colors;
  }

  line(text: string): void {
    this.#under.delete(PHASE);
    this.#stream.write(`${CLEAR_LINE}${text}\n`);
    this.#draw();
  }

  progress(progress: StackProgress): void {
    this.#under.delete(PHASE);
    this.#show(progress.stack, describeProgress(progress));
  }

  phase(text: string): void {
    this.#under.delete(PHASE);
    this.#show(PHASE, text);
  }

  finished(stack: string): void {
    this.#under.delete(stack);
    this.#draw();
  }

  end(): void {
    if (this.#under.size === 0) return;
    this.#under.clear();
    this.#draw();
  }

  #show(name: string, text: string): void {
    const since = this.#under.get(name)?.since ?? Date.now();
    this.#under.set(name, { text, since });
    this.#draw();
  }

  /** Once a second as long as something is under way; the line is somebody else's as soon as nothing is. */
  #draw(): void {
    if (this.#under.size > 0) {
      this.#timer ??= setInterval(() => this.#draw(), 1000).unref();
    } else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    const parts = [...this.#under.values()].map(
      ({ text, since }) => `${text} (${Math.round((Date.now() - since) / 1000)} s)`,
    );
    const text = parts.join(' · ').slice(0, (this.#stream.columns || 80) - 1);
    this.#stream.write(text === '' ? CLEAR_LINE : `${CLEAR_LINE}${this.#colors.dim(text)}`);
  }
}
