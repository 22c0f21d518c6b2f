import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'undici';

type Params = Readonly<Record<string, unknown>>;

/** A place in what runs, as the protocol counts: both from 0. */
interface Position {
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** A debugger, as VS Code and Chrome are: it finds the process by the door's list, and lines of sources by the source map. */
export interface Devtools {
  /** What the door's list says of the process. */
  readonly target: { readonly webSocketDebuggerUrl: string };
  send(method: string, params?: Params): Promise<Params>;
  /** Resolves with the first event of that name, the past ones included, that fits. */
  event(method: string, fits?: (params: Params) => boolean): Promise<Params>;
  close(): void;
}

/** Connects to the process behind a door. */
export async function connectDevtools(port: number): Promise<Devtools> {
  const [target] = JSON.parse(await (await fetch(`http://127.0.0.1:${port}/json/list`)).text());
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  const events: { readonly method: string; readonly params: Params }[] = [];
  const listeners = new Set<() => void>();
  const responses = new Map<number, (result: Params) => void>();
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id, method, params, result = {} } = JSON.parse(String(data));
    if (id !== undefined) return responses.get(id)?.(result);
    events.push({ method, params });
    for (const listener of [...listeners]) listener();
  });
  await once(socket, 'open');
  return {
    target,
    send: (method, params = {}) =>
      new Promise((resolve) => {
        last += 1;
        responses.set(last, resolve);
        socket.send(JSON.stringify({ id: last, method, params }));
      }),
    event: (method, fits = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          const at = events.findIndex((event) => event.method === method && fits(event.params));
          const [found] = at < 0 ? [] : events.splice(at, 1);
          if (!found) return;
          listeners.delete(look);
          resolve(found.params);
        };
        listeners.add(look);
        look();
      }),
    close: () => socket.close(),
  };
}

/** The source map that a script names. */
export class Mapped {
  readonly #map: SourceMap;
  readonly #lines: readonly string[];

  constructor({ url, sourceMapURL }: Params) {
    this.#map = new SourceMap(JSON.parse(readFileSync(fileURLToPath(String(sourceMapURL)), 'utf8')));
    this.#lines = readFileSync(fileURLToPath(String(url)), 'utf8').split('\n');
  }

  /** Where the first statement of a line of a source is. @param line - from 1 */
  positionOf(source: string, line: number): Position {
    for (const [lineNumber, text] of this.#lines.entries()) {
      for (let columnNumber = 0; columnNumber < text.length; columnNumber++) {
        if (this.sourceOf({ lineNumber, columnNumber }) === `${source}:${line}`) return { lineNumber, columnNumber };
      }
    }
    throw new Error(`Nothing is made of ${source}:${line}.`);
  }

  /** `functions/user/handler.ts:12` */
  sourceOf({ lineNumber, columnNumber }: Position): string {
    const entry = this.#map.findEntry(lineNumber, columnNumber);
    if (!('originalSource' in entry)) return '';
    return `${entry.originalSource.replace(/^(?:\.\.\/)+/, '')}:${entry.originalLine + 1}`;
  }
}
