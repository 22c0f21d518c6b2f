import { createServer } from 'node:http';
import { listen } from './listen.ts';

/** Ports of what a user talks to; 0 stands for any free one. */
export interface Ports {
  readonly entry: number;
  readonly primary: number;
  readonly secondary: number;
}

/** A port that the runtime needs belongs to somebody else. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  constructor(taken: readonly { readonly port: number; readonly purpose: string }[]) {
    const list = taken.map(({ port, purpose }) => `${port} (${purpose})`).join(', ');
    const [are, ports] = taken.length === 1 ? ['is', 'Port'] : ['are', 'Ports'];
    super(
      `${ports} ${list} ${are} taken. --port sets the entry's port and the regions take the next two: ` +
        'end what listens there, choose others (--port 4000), or let the system choose (--port 0).',
    );
  }
}

/** Entry at `port`, the regions at the next two; all free ones for 0. */
export function assignPorts(port: number): Ports {
  return port === 0 ? { entry: 0, primary: 0, secondary: 0 } : { entry: port, primary: port + 1, secondary: port + 2 };
}

/** @throws PortTakenError that names each port that can't be listened on */
export async function requireFreePorts(ports: Ports): Promise<void> {
  const wanted = [
    { port: ports.entry, purpose: 'entry' },
    { port: ports.primary, purpose: 'primary region' },
    { port: ports.secondary, purpose: 'secondary region' },
  ].filter(({ port }) => port !== 0);
  const free = await Promise.all(wanted.map(({ port }) => isFree(port)));
  const taken = wanted.filter((_, at) => !free[at]);
  if (taken.length > 0) throw new PortTakenError(taken);
}

/** Somebody may take a port between the check and the start: that error in the same words. */
export function explainTakenPort(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return error;
  return new PortTakenError([{ port: 'port' in error ? Number(error.port) : 0, purpose: 'just now' }]);
}

async function isFree(port: number): Promise<boolean> {
  try {
    await (await listen(createServer(), port)).close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
}
