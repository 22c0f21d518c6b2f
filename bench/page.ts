import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { chromium } from 'playwright-core';
import { chromiumPath } from '#tests/support/chromium.ts';
import { localRuntimeCommand } from './local-runtime.ts';
import { endServer, median, printTable, residentMegabytes } from './measure.ts';

/*
 * Ten minutes of 1,000 requests a second with the page open: memory of the page and of the runtime, minute by minute, and how long the page stood
 * still. `--minutes` and `--rate` make it shorter and gentler. The load writes nothing.
 */

const { values: flags } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, rate: { type: 'string', default: '1000' } },
});
const [MINUTES, PER_SECOND] = [Number(flags.minutes), Number(flags.rate)];
if (!(MINUTES >= 3 && PER_SECOND >= 1)) throw new Error('--minutes is a number from 3, --rate one from 1.');
const PORT = 27_500;

/** Keeps the longest task since it was last read. */
const OBSERVE = `
  globalThis.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ type: 'longtask' });`;

async function startRuntime(): Promise<{ readonly child: ChildProcess; readonly pid: number; readonly page: string }> {
  const { command, folder } = localRuntimeCommand(PORT);
  const [program, ...args] = command;
  const child = spawn(program, [...args, '--json'], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    return { child, pid: child.pid ?? 0, page: String(JSON.parse(line).page) };
  }
  throw new Error('The runtime ended before it was ready.');
}

if (chromiumPath === undefined) throw new Error('There is no Chromium: install one, or name it by CHROMIUM.');
const runtime = await startRuntime();
const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.addInitScript(OBSERVE);
  await page.goto(runtime.page);
  await page.getByRole('heading', { name: 'dev' }).waitFor();
  const session = await page.context().newCDPSession(page);
  const minutes: { readonly heap: number; readonly resident: number; readonly longest: number }[] = [];
  let failed = 0;
  for (let minute = 0; minute < MINUTES; minute++) {
    const result = await autocannon({
      url: `http://127.0.0.1:${PORT + 1}/envA/healthcheck?shallow`,
      connections: 10,
      duration: 60,
      overallRate: PER_SECOND,
    });
    failed += result.non2xx + result.errors;
    const longest = await page.evaluate<number>('const most = longest; longest = 0; most');
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    minutes.push({ heap: usedSize / 1e6, resident: residentMegabytes(runtime.pid), longest });
  }
  const half = Math.max(2, Math.floor(MINUTES / 2));
  /** Of the second half against the first, whose first minute compiles functions and fills what is kept. */
  const growth = (of: (minute: (typeof minutes)[number]) => number) =>
    median(minutes.slice(half).map(of)) / median(minutes.slice(1, half).map(of));
  printTable(`The page at ${PER_SECOND} requests/s, ${MINUTES} minutes, ${failed} requests failed`, [
    ['minute', 'page, MB of heap', 'runtime, MB resident', 'longest task, ms'],
    ...minutes.map(({ heap, resident, longest }, at) => [
      String(at + 1),
      heap.toFixed(1),
      resident.toFixed(0),
      longest.toFixed(0),
    ]),
    [
      'second half against first',
      `${growth(({ heap }) => heap).toFixed(2)}×`,
      `${growth(({ resident }) => resident).toFixed(2)}×`,
      '',
    ],
  ]);
} finally {
  await browser.close();
  endServer(runtime.child);
}
