import { setMaxListeners } from 'node:events';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C while something runs that is not to be broken off. */
export interface Interruption {
  /** Aborted by the first signal; whatever runs ends what it has begun. */
  readonly signal: AbortSignal;
  /** Signals do again what they usually do. */
  dispose(): void;
}

/** What is said after the first signal, and after each further one. */
const TERRAFORM = {
  first: 'Interrupted: Terraform ends what it has begun, writes its state and releases its lock …',
  further: 'Still waiting for Terraform, so that its state is whole and its lock released …',
};

/**
 * Takes SIGINT, SIGTERM and SIGHUP until it is disposed of. A second signal changes nothing: Terraform takes a second one for the order to
 * die at once, and its state and lock would stay as they are in that moment.
 *
 * Source: Terraform documentation, "Command: apply"; `terraform force-unlock` is what a kill leaves to be done.
 *
 * @param tell - hears what happens after a signal
 * @param says - what happens. @default - Terraform ends
 */
export function listenForInterruption(tell: (message: string) => void, says = TERRAFORM): Interruption {
  const controller = new AbortController();
  // Whatever waits, of however many at once, hears of it.
  setMaxListeners(0, controller.signal);
  const listen = () => {
    if (controller.signal.aborted) {
      tell(says.further);
      return;
    }
    tell(says.first);
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, listen);
  outliveReaders();
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of SIGNALS) process.off(name, listen);
    },
  };
}

let outlivesReaders = false;

/**
 * A terminal that was closed, and a pipe that nobody reads any more (`| head`), fail every write from then on (EIO, EPIPE), and a stream's error that
 * nobody hears ends the process: here in the middle of what it changes. It is heard until the process ends, as the last lines are said at its end.
 */
function outliveReaders(): void {
  if (outlivesReaders) return;
  outlivesReaders = true;
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
