import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { LOOPBACK, type Service } from '#local/http/listen.ts';
import { stand } from './running-time.ts';

/** What `--inspect` and `--inspect-brk` ask for. */
export interface Debugging {
  /** Of the first door; the others take the next ones. 0: any free ones. */
  readonly port: number;
  /** Whether a process waits for a debugger before it loads its function. */
  readonly waits: boolean;
  /** Hears of each door as it opens. */
  readonly onDoor?: (door: DoorFacts) => void;
}

/** Where a debugger finds a function. */
export interface DoorFacts {
  readonly function: string;
  readonly region: 'primary' | 'secondary';
  readonly version: string;
  readonly port: number;
}

/** Where a debugger finds the processes of one version of a function, one after the other. */
export interface Door {
  /** From now on whoever comes while there is no process has one started. */
  serve(start: () => void): void;
  /** The process that runs from now on listens there. */
  lead(port: number): void;
  /** That process has ended. */
  leave(port: number): void;
}

export interface Doors extends Service {
  readonly waits: boolean;
  /** The door of a version; opened when it is asked for first. */
  doorOf(of: Omit<DoorFacts, 'port'>): Door;
  /** Resolves when the doors that were asked for are open. @throws the server's error, `EADDRINUSE` for a port that is taken */
  opened(): Promise<void>;
}

/**
 * Ports of debuggers that stay when the processes behind them go: a saved handler is another process. What passes tells when a function
 * stands, of each connection by itself.
 *
 * Source: Chrome DevTools Protocol, "Debugger.paused" and "Debugger.resumed"; Node.js sends them without compression.
 */
export function createDoors({ port: first, waits, onDoor }: Debugging): Doors {
  const doors = new Map<string, { readonly door: Door; readonly opened: Promise<void>; close(): Promise<void> }>();
  return {
    waits,
    doorOf: (of) => {
      const key = `${of.region} ${of.function} ${of.version}`;
      const known =
        doors.get(key) ?? openDoor(first === 0 ? 0 : first + doors.size, (port) => onDoor?.({ ...of, port }));
      doors.set(key, known);
      return known.door;
    },
    opened: async () => {
      await Promise.all([...doors.values()].map(({ opened }) => opened));
    },
    close: async () => {
      await Promise.all([...doors.values()].map((each) => each.close()));
    },
  };
}

function openDoor(port: number, onOpen: (port: number) => void) {
  const sockets = new Set<Socket>();
  const waiting = new Set<(target: number) => void>();
  let target: number | undefined;
  let start = () => {};
  const server = createServer((client) => {
    sockets.add(client);
    client.once('close', () => sockets.delete(client));
    client.on('error', () => {});
    const lead = (to: number) => {
      waiting.delete(lead);
      if (!client.destroyed) sockets.add(passOn(client, to));
    };
    client.once('close', () => waiting.delete(lead));
    if (target !== undefined) return lead(target);
    waiting.add(lead);
    start();
  });
  const opened = once(server.listen(port, LOOPBACK), 'listening').then(() => {
    const address = server.address();
    onOpen(typeof address === 'object' && address ? address.port : port);
  });
  // Whoever waits for the doors hears of it.
  opened.catch(() => {});
  const door: Door = {
    serve: (next) => {
      start = next;
    },
    lead: (to) => {
      target = to;
      for (const each of [...waiting]) each(to);
    },
    leave: (from) => {
      if (target === from) target = undefined;
    },
  };
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    await closed;
  };
  return { door, opened, close };
}

/** Joins a debugger and a process, and listens to what the process says. @returns the connection to the process */
function passOn(client: Socket, port: number): Socket {
  const process = connect(port, LOOPBACK);
  const ended = listenForPauses(process);
  process.pipe(client);
  client.pipe(process);
  for (const [one, other] of [[client, process] as const, [process, client] as const]) {
    one.once('close', () => {
      ended();
      other.destroy();
    });
  }
  process.on('error', () => {});
  return process;
}

const PAUSE = /\{"method":"Debugger\.(paused|resumed)"/g;
/** Longer than what is looked for, which may come in two pieces. */
const TAIL_CHARACTERS = 40;

function listenForPauses(process: Socket): () => void {
  let tail = '';
  let goOn: (() => void) | undefined;
  process.on('data', (chunk: Buffer) => {
    const text = tail + chunk.toString('latin1');
    const last = [...text.matchAll(PAUSE)].at(-1)?.[1];
    if (last === 'paused') goOn ??= stand();
    if (last === 'resumed') {
      goOn?.();
      goOn = undefined;
    }
    tail = text.slice(-TAIL_CHARACTERS);
  });
  return () => goOn?.();
}
