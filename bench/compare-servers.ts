import type { ChildProcess } from 'node:child_process';
import autocannon from 'autocannon';
import { cpuMilliseconds, endServer, median, printTable, startServer } from './measure.ts';

/** One of the servers that answer the same request. */
export interface Side {
  readonly name: string;
  readonly url: string;
  /** Its command line; the first is the command. */
  readonly command: readonly [string, ...string[]];
  /** @default the project's */
  readonly folder?: string;
}

/** What every side is asked, and what it has to answer. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** @default any with a status of 2xx */
  readonly expectedBody?: string;
}

const ROUNDS = 3;
const SECONDS = 5;
const CONNECTIONS = 10;
/** Until the compilers of all sides have seen what is hot. */
const WARM_UP_SECONDS = 8;

interface Measured {
  readonly rates: number[];
  readonly p99: number[];
  readonly cpuMicroseconds: number[];
}

/**
 * Compares servers under the same load: all sides up at once, asked in turn over 10 keep-alive connections, three rounds after a warm-up; medians.
 * The processor time of a request counts every process of a side, not the load generator, and says more than the rate where the machine is busy.
 */
export async function compareServers(title: string, request: LoadRequest, sides: readonly Side[]): Promise<void> {
  const { method, headers = {}, body, expectedBody } = request;
  const init = { method, headers, ...(body !== undefined && { body }) };
  const servers: { readonly side: Side; readonly child: ChildProcess; readonly measured: Measured }[] = [];
  try {
    for (const side of sides) {
      const [command, ...args] = side.command;
      const { child } = await startServer(command, args, side.url, { cwd: side.folder, init });
      servers.push({ side, child, measured: { rates: [], p99: [], cpuMicroseconds: [] } });
    }
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { side, child, measured } of servers) {
        const before = cpuMilliseconds(child.pid);
        const result = await autocannon({
          url: side.url,
          connections: CONNECTIONS,
          duration: round === 0 ? WARM_UP_SECONDS : SECONDS,
          ...init,
          ...(expectedBody !== undefined && { expectBody: expectedBody }),
        });
        const failed = result.non2xx + result.errors + result.mismatches;
        if (failed > 0)
          throw new Error(`${side.name}: ${failed} of ${result.requests.total} answers were not as expected.`);
        if (round === 0) continue;
        measured.rates.push(result.requests.average);
        measured.p99.push(result.latency.p99);
        measured.cpuMicroseconds.push(((cpuMilliseconds(child.pid) - before) * 1000) / result.requests.total);
      }
    }
  } finally {
    for (const { child } of servers) endServer(child);
  }
  const ours = median(servers[0]?.measured.rates ?? []);
  printTable(`${title}, ${CONNECTIONS} connections, ${SECONDS} s, median of ${ROUNDS}`, [
    ['', 'requests/s', 'p99 ms', 'CPU µs/request', 'ours against it'],
    ...servers.map(({ side, measured }) => [
      side.name,
      median(measured.rates).toFixed(0),
      String(median(measured.p99)),
      median(measured.cpuMicroseconds).toFixed(0),
      `${(ours / median(measured.rates)).toFixed(2)}×`,
    ]),
  ]);
}
