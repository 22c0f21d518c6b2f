import { createServer } from 'node:http';
import { listen } from '#local/http/listen.ts';

/** Ports of what a user talks to; 0 stands for any free one. */
export interface Ports {
  readonly rest: ApiPorts;
  readonly http: ApiPorts;
  /** The first of those that SDK clients talk to. */
  readonly aws: number;
}

/** Of one kind of API: its public name's, and each region's gateway. */
export interface ApiPorts {
  readonly entry: number;
  readonly primary: number;
  readonly secondary: number;
}

/** A port that the runtime needs belongs to somebody else. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly exitCode = 2;
  constructor(taken: readonly { readonly port: number; readonly purpose: string }[]) {
    const list = taken.map(({ port, purpose }) => `${port} (${purpose})`).join(', ');
    const [are, ports] = taken.length === 1 ? ['is', 'Port'] : ['are', 'Ports'];
    super(
      `${ports} ${list} ${are} taken. --port sets the first of six ports in a row, --aws-port that of the services, ` +
        '--inspect that of debuggers: ' +
        'end what listens there, choose others (--port 4000), or let the system choose (--port 0).',
    );
  }
}

/**
 * REST API: entry at `port`, the regions at the next two. HTTP API: the regions at the next two, its entry last. All free ones for 0.
 *
 * @param aws - the first of those of the services, 0: any free ones
 */
export function assignPorts(port: number, aws = 0): Ports {
  const at = (offset: number) => (port === 0 ? 0 : port + offset);
  return {
    rest: { entry: at(0), primary: at(1), secondary: at(2) },
    http: { entry: at(5), primary: at(3), secondary: at(4) },
    aws,
  };
}

/** Where each service listens, in the order of the list. @param first - 0: any free ports */
export function servicePorts(
  first: number,
  services: readonly string[],
): readonly { readonly name: string; readonly primary: number; readonly secondary: number }[] {
  return services.map((name, at) => {
    const primary = first === 0 ? 0 : first + at * 2;
    return { name, primary, secondary: first === 0 ? 0 : primary + 1 };
  });
}

/**
 * @param services - in the order of their ports
 * @throws PortTakenError that names each port that can't be listened on
 */
export async function requireFreePorts({ rest, http, aws }: Ports, services: readonly string[] = []): Promise<void> {
  const wanted = [
    { port: rest.entry, purpose: 'entry' },
    { port: rest.primary, purpose: 'primary region' },
    { port: rest.secondary, purpose: 'secondary region' },
    { port: http.primary, purpose: 'HTTP API of the primary region' },
    { port: http.secondary, purpose: 'HTTP API of the secondary region' },
    { port: http.entry, purpose: 'entry of the HTTP API' },
    ...servicePorts(aws, services).flatMap(({ name, primary, secondary }) => [
      { port: primary, purpose: `${name} of the primary region` },
      { port: secondary, purpose: `${name} of the secondary region` },
    ]),
  ].filter(({ port }) => port !== 0);
  const free = await Promise.all(wanted.map(({ port }) => isFree(port)));
  const asked = wanted.map(({ port }) => port);
  const taken = wanted.filter(({ port }, at) => !free[at] || asked.indexOf(port) !== at);
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
