import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stateFileIn } from '#local/control/state-file.ts';
import { type RuntimeEvent, RuntimeLog } from '#local/events/runtime-log.ts';
import { listen } from '#local/http/listen.ts';
import type { LocalModel } from '#local/model/model.ts';
import { assignPorts } from '#local/runtime/ports.ts';
import { startServices } from '#local/runtime/start-services.ts';
import { Startup } from '#local/runtime/startup.ts';
import { findTargetParts } from '#local/target/target-parts.ts';
import { PUBLIC_NAME, twoRegions } from '#tests/tools/local/support/two-regions.ts';

const HANDLER = `exports.handler = async () => ({ statusCode: 200, body: process.env.REGION_TYPE });`;

let directory: string;
let startup: Startup;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'services-'));
  await writeFile(join(directory, 'index.js'), HANDLER);
  startup = new Startup();
});
afterEach(async () => {
  await startup.close();
  await rm(directory, { recursive: true });
});

async function start(change: (model: LocalModel) => LocalModel = (model) => model, timeScale = 100) {
  const log = new RuntimeLog();
  const services = await startServices(startup, {
    model: change(twoRegions(directory)),
    targetParts: findTargetParts('dev', [], { parameter: () => undefined }),
    usagePlans: () => ({ primary: [], secondary: [] }),
    parameters: {},
    ports: assignPorts(0),
    replicationLagMilliseconds: 0,
    timeScale,
    directory,
    log,
  });
  return { ...services, log };
}

function nextEvent(log: RuntimeLog, kind: RuntimeEvent['kind']): Promise<RuntimeEvent> {
  return new Promise((resolve) => {
    const end = log.subscribe((event) => {
      if (event.kind !== kind) return;
      end();
      resolve(event);
    });
  });
}

/** Seconds that the function of the primary region may take. */
const withTimeout = (timeoutSeconds: number) => (model: LocalModel) => {
  const { primary } = model.regions;
  const functions = primary.functions.map((each) => ({ ...each, timeoutSeconds }));
  return { ...model, regions: { ...model.regions, primary: { ...primary, functions } } };
};

/** On a connection of its own: one that is kept alive breaks with the region that fails. */
const ask = (url: string) => fetch(url, { headers: { connection: 'close' } });

const answerOf = async (url: string) => (await ask(url)).text();

describe('the services of a model (B1)', () => {
  it("answer at each region's environments, and at the entry under the public name", async () => {
    const { summary } = await start();
    expect(summary.name).toBe(PUBLIC_NAME);
    expect(await answerOf(`${summary.regions.primary.environments.envA}/healthcheck`)).toBe('primary');
    expect(await answerOf(`${summary.regions.secondary.environments.envA}/healthcheck`)).toBe('secondary');
    expect(await answerOf(`${summary.entry}/healthcheck`)).toBe('primary');
  });

  it('S0.17: move the entry when its region fails, and back when it recovers', async () => {
    const { summary, controls, log } = await start();
    expect(controls.status()).toMatchObject({
      predicted: {
        refused: { notice: { atLeast: 0.2, atMost: 0.3 }, recovery: { atLeast: 0.2, atMost: expect.closeTo(0.9) } },
        dropped: { notice: { atLeast: 0.32, atMost: 0.42 } },
        ttlSeconds: 0.6,
      },
      entries: [{ name: PUBLIC_NAME, region: 'primary' }],
    });
    const moved = nextEvent(log, 'entry');
    controls.fail('primary');
    expect((await ask(`${summary.entry}/healthcheck`)).status).toBe(502);
    await expect(fetch(`${summary.regions.primary.environments.envA}/healthcheck`)).rejects.toThrow();
    await moved;
    expect(await answerOf(`${summary.entry}/healthcheck`)).toBe('secondary');
    expect(controls.status()).toMatchObject({
      regions: { primary: { failed: true, healthChecks: [{ name: 'app-primary', status: 'unhealthy' }] } },
      entries: [{ region: 'secondary' }],
    });
    const back = nextEvent(log, 'entry');
    controls.recover('primary');
    await back;
    expect(await answerOf(`${summary.entry}/healthcheck`)).toBe('primary');
    const told = log.query(({ kind }) => kind !== 'function' && kind !== 'access').map(({ kind }) => kind);
    expect(told).toEqual(['control', 'health', 'dns', 'entry', 'control', 'health', 'dns', 'entry']);
  });

  it('stay with the primary region when both fail, as Route 53 does', async () => {
    const { controls, log } = await start();
    const bothUnhealthy = new Promise<void>((resolve) => {
      let count = 0;
      log.subscribe(({ kind }) => {
        if (kind === 'health' && ++count === 2) resolve();
      });
    });
    controls.fail('secondary');
    controls.fail('primary');
    await bothUnhealthy;
    // Where the secondary check is the later one, the name may have led there for a moment.
    await vi.waitFor(() => expect(controls.status().entries).toMatchObject([{ region: 'primary' }]), 60_000);
  });

  it.each([
    { does: 'throws', code: `throw new Error('secret detail')` },
    { does: 'hangs until its timeout', code: `return new Promise((resolve) => setTimeout(resolve, 60_000))` },
    { does: 'answers something malformed', code: `return { statusCode: 'no' }` },
    { does: 'ends its process', code: `process.exit(3)` },
  ])(
    'answer 502 or 504 for a handler that $does, without its details, and serve the next request',
    async ({ code }) => {
      await writeFile(
        join(directory, 'index.js'),
        `exports.handler = async ({ queryStringParameters }) => { if (queryStringParameters?.bad) ${code}; return { statusCode: 200, body: 'good' }; };`,
      );
      const { summary } = await start(withTimeout(1), 1);
      const url = `${summary.entry}/healthcheck`;
      const bad = await fetch(`${url}?bad=1`);
      expect([502, 504]).toContain(bad.status);
      expect(await bad.text()).not.toMatch(/secret detail|index\.js/);
      expect(await answerOf(url)).toBe('good');
    },
  );

  it('leave nothing behind when they end, nor when one of them cannot start', async () => {
    const { summary } = await start();
    await startup.close();
    await expect(fetch(summary.entry)).rejects.toThrow();
    await expect(fetch(summary.regions.primary.url)).rejects.toThrow();
    await expect(stat(stateFileIn(directory))).rejects.toThrow('ENOENT');
    const taken = await listen(createServer(), 0);
    const half = new Startup();
    const failing = startServices(half, {
      model: twoRegions(directory),
      targetParts: findTargetParts('dev', [], { parameter: () => undefined }),
      usagePlans: () => ({ primary: [], secondary: [] }),
      parameters: {},
      ports: { ...assignPorts(0), rest: { entry: 0, primary: 0, secondary: taken.port } },
      replicationLagMilliseconds: 0,
      timeScale: 1,
      directory,
      log: new RuntimeLog(),
    });
    await expect(failing).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await half.close();
    await taken.close();
  });

  it('say which record is missing when no public name leads to both regions', async () => {
    const withoutNames = (model: LocalModel) => ({ ...model, dns: { healthChecks: [], records: [] } });
    await expect(start(withoutNames)).rejects.toThrow('add one to the routing stack');
  });
});
