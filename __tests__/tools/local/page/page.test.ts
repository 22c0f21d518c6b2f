import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page as Served } from '#local/page/server.ts';
import { startPageOf } from '#operator/local/page/page.ts';
import { chromiumPath } from '#tests/support/chromium.ts';
import { type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';

const MOST_MILLISECONDS = 90_000;
const LONG = 180_000;

let stage: RunningStage;
let served: Served;
let browser: Browser;
let page: Page;
const asked: string[] = [];
const mistakes: string[] = [];
beforeAll(async () => {
  if (chromiumPath === undefined) return;
  stage = await startStage({ timeScale: 50 });
  served = await startPageOf(stage, stage.directory, 0);
  browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(MOST_MILLISECONDS);
  page.on('request', (request) => asked.push(new URL(request.url()).host));
  page.on('pageerror', (error) => mistakes.push(error.message));
  page.on('console', (message) => message.type() === 'error' && mistakes.push(message.text()));
  await page.goto(served.url);
  await page.getByRole('heading', { name: 'dev' }).waitFor();
}, LONG);
afterAll(async () => {
  await browser?.close();
  await served?.close();
  await stage?.close();
});

const seriousIn = async (part: Page) => {
  await part.evaluate(axe.source);
  const { violations } = await part.evaluate<axe.AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
};

// Where there is no Chromium, the run lists these as skipped.
describe.skipIf(chromiumPath === undefined).sequential('the page in Chromium (B15)', { timeout: LONG }, () => {
  it('takes the token out of the address and asks nobody but its own server', async () => {
    expect(page.url()).toBe(`${new URL(served.url).origin}/`);
    expect(new Set(asked)).toEqual(new Set([new URL(served.url).host]));
  });

  it('shows a request as it comes, and its way and what was logged of it when it is opened', async () => {
    await fetch(`${stage.summary.entry}/user/too-short-`);
    const requests = page.getByRole('region', { name: 'Requests', exact: true });
    await requests.getByRole('button', { name: 'GET /user/too-short-' }).click();
    const ways = requests.getByRole('table', { name: 'Where the time went' }).getByRole('row');
    await ways.filter({ hasText: 'gateway GET /user/{id}' }).waitFor();
    await ways.filter({ hasText: /handler .*user/ }).waitFor();
    await requests.getByText('GET /user/too-short- HTTP/1.1').waitFor();
    await requests.getByText(/Invoke Error: StatusError 400/).waitFor();
    await requests.getByRole('searchbox').fill('no such request');
    await requests.getByText('None that holds this.').waitFor();
    await requests.getByRole('searchbox').fill('');
  });

  it("calls an operation with the contract's example, signed, and shows its way; tabs are reached by arrow keys", async () => {
    await page.getByRole('tab', { name: 'Requests' }).focus();
    await page.keyboard.press('ArrowRight');
    const explorer = page.getByRole('tabpanel', { name: 'Explorer' });
    await explorer.getByLabel('Operation').selectOption('post-event');
    await explorer.getByRole('button', { name: 'Send POST' }).click();
    await explorer.getByText('200', { exact: true }).first().waitFor();
    await explorer.getByRole('row').filter({ hasText: 'PutItem' }).waitFor();
    await explorer.getByLabel('Path and query').fill('/nowhere');
    await page.keyboard.press('Enter');
    await explorer.getByText(/No route POST \/nowhere/).waitFor();
    // The browser says so of itself.
    expect(mistakes.splice(0)).toEqual([expect.stringContaining('the server responded with a status of 400')]);
    expect(await seriousIn(page)).toEqual([]);
  });

  it('shows the items of the tables by region, metrics of the routes, and alarms', async () => {
    await page.getByRole('tab', { name: 'Tables' }).click();
    const items = page.getByRole('region', { name: /Items of .*dev-event-log/ });
    await items.getByRole('row').filter({ hasText: 'both' }).first().waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Metrics and alarms' }).click();
    const metrics = page.getByRole('tabpanel', { name: 'Metrics and alarms' });
    await metrics.getByRole('heading', { name: /Alarms: \d+ in ALARM, \d+ OK, \d+ without data yet/ }).waitFor();
    await metrics.getByRole('heading', { name: 'Routes and functions' }).waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Requests' }).click();
  });

  it('sets the replication lag and cuts replication, each after a question', async () => {
    const traffic = page.getByRole('region', { name: 'Where traffic goes' });
    await traffic.getByLabel('Replication lag').selectOption('1000');
    await page
      .getByRole('dialog')
      .getByText(/writes of its last 1 s are lost/)
      .waitFor();
    await page.getByRole('button', { name: 'Set the lag' }).click();
    await traffic.getByText('↕ replication 1 s').waitFor();
    expect(stage.controls.status().replicationLagMilliseconds).toBe(1000);
    await traffic.getByRole('button', { name: 'Cut replication …' }).click();
    await page.getByRole('button', { name: 'Cut replication', exact: true }).click();
    await traffic.getByText('↕ replication waits').waitFor();
    await traffic.getByRole('button', { name: 'Heal replication …' }).click();
    await page.getByRole('button', { name: 'Heal replication', exact: true }).click();
    await traffic.getByText('↕ replication 1 s').waitFor();
    stage.controls.setReplicationLag(0);
  });

  it('asks before a region fails, by keyboard; Escape leaves it as it is', async () => {
    const fail = page.getByRole('button', { name: 'Fail primary …' });
    await fail.focus();
    await page.keyboard.press('Enter');
    await page
      .getByRole('dialog')
      .getByText(/eu-central-1 refuses connections\. Health checks should notice within/)
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(stage.controls.status().regions.primary.failed).toBe(false);
  });

  it('fails a region, and shows that traffic has moved; recovers it', async () => {
    await page.getByRole('button', { name: 'Fail primary …' }).click();
    await page.getByRole('button', { name: 'Fail primary', exact: true }).click();
    const primary = page.getByRole('region', { name: 'primary region' });
    await primary.getByText('failed', { exact: true }).waitFor();
    const traffic = page.getByRole('region', { name: 'Where traffic goes' });
    const led = (region: string) => traffic.getByRole('listitem').filter({ hasText: `to ${region}` });
    await led('secondary').nth(1).waitFor();
    await page
      .getByRole('log')
      .getByText(/leads to secondary, no longer to primary/)
      .first()
      .waitFor();
    expect(await (await fetch(`${stage.summary.entry}/healthcheck?shallow`)).json()).toMatchObject({
      region: 'eu-west-1',
    });
    await primary.getByRole('button', { name: 'Recover primary …' }).click();
    await page.getByText(/eu-central-1 responds again, and what waited for it is replicated/).waitFor();
    await page.getByRole('button', { name: 'Recover primary', exact: true }).click();
    await led('primary').nth(1).waitFor();
  });

  it('runs a switch after a question, and shows what it came to', async () => {
    const dialog = page.getByRole('dialog');
    const switchOnce = async () => {
      await page.getByRole('button', { name: 'Switch …' }).click();
      await dialog.getByText('npx two-region switch dev --local').waitFor();
      await dialog.getByRole('button', { name: 'Switch', exact: true }).click();
      const text = await dialog.getByRole('status').textContent();
      await dialog.getByRole('button', { name: 'Close' }).click();
      return text;
    };
    // It looks at the environment first, whose deep check gives up on a machine that is busy.
    await expect.poll(switchOnce, { timeout: MOST_MILLISECONDS }).toMatch(/envB[\s\S]*Done\./);
    const envB = page.getByRole('region', { name: 'primary region' }).locator('summary', { hasText: 'envB' });
    await envB.getByText('live').waitFor();
  });

  it('offers to keep traffic away from the primary region, and to let it back, with what that does', async () => {
    for (const [name, command] of [
      ['Route away …', 'npx two-region route-away dev primary --local --no-wait'],
      ['Route back …', 'npx two-region route-back dev primary --local --no-wait'],
    ] as const) {
      await page.getByRole('button', { name }).click();
      await page.getByRole('dialog').getByText(command).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });

  it('drills while the page goes on showing what happens, until it is stopped', async () => {
    await page.getByRole('button', { name: 'Drill …' }).click();
    await page.getByRole('dialog').getByText('npx two-region drill dev --local').waitFor();
    await page.getByRole('button', { name: 'Drill', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const drill = page.getByRole('region', { name: 'Drill' });
    await drill.getByText('is under way').waitFor();
    await drill.getByRole('status').getByText('…').waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await drill.getByRole('button', { name: 'Stop it, and mend what it broke' }).click();
    await drill.getByText(/Interrupted: [\s\S]*Ended with exit code 1\./).waitFor();
  });

  it('has nothing that axe finds serious, in light and dark, wide and at 400 px, where nothing is cut off', async () => {
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await seriousIn(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 400, height: 800 });
    expect(await seriousIn(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('stays usable while thousands of requests come: rows are limited, and those left out are counted', async () => {
    const line = JSON.stringify({ status: '200', httpMethod: 'GET', path: '/flood' });
    const event = { kind: 'access', region: 'primary', environment: 'envA', logGroup: '/api', line } as const;
    for (let at = 0; at < 20_000; at += 1) stage.log.write({ ...event, time: Date.now(), requestId: `${at}` });
    await page.getByText(/more came too fast to be shown/).waitFor();
    await page.getByRole('button', { name: 'GET /flood' }).first().waitFor();
    expect(await page.getByRole('button', { name: 'GET /flood' }).count()).toBeLessThanOrEqual(100);
    expect(mistakes).toEqual([]);
  });

  it('says that the runtime has ended', async () => {
    await served.close();
    await page.getByText('The runtime has ended.').waitFor();
  });
});
