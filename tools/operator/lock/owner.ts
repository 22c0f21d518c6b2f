import { hostname, userInfo } from 'node:os';

/** A command that is under way. */
export interface Owner {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
}

/** This command. */
export function thisCommand(): Owner {
  return { user: userInfo().username, host: hostname(), pid: process.pid };
}

/** Whether a command of this machine has ended; of other machines nobody here can tell. */
export function isOwnerGone({ host, pid }: Owner): boolean {
  if (host !== hostname()) return false;
  try {
    // Signal 0 asks whether there is such a process (POSIX, kill).
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
