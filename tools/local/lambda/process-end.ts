import type { Cause } from './invoke-result.ts';

/** How a process ended: as `ChildProcess` says it, or why it could not be started. */
export type ProcessEnd =
  | { readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly error: Error };

/** The end of a process that nobody asked for, worded as in Lambda's `Runtime.ExitError`. */
export function causeOf(end: ProcessEnd): Cause {
  if ('error' in end) return { kind: 'crash', reason: `Runtime failed to start: ${end.error.message}` };
  if (end.code === 0) return { kind: 'crash', reason: 'Runtime exited without providing a reason' };
  const signal = end.code === 134 ? 'SIGABRT' : end.signal;
  const how = signal === null ? `exit status ${end.code}` : `signal: ${signalNames[signal] ?? signal}`;
  return { kind: 'crash', reason: `Runtime exited with error: ${how}` };
}

const signalNames: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'aborted',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};
