import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumPath } from './chromium.ts';
import { withSystemPicture } from './system-picture.ts';

/* `npm run pictures`: draws the picture of docs/architecture.md, starts the stage as `npm start` does, and takes the documentation's pictures of its page. */

const FOLDER = 'docs/pictures';
/** A picture is looked at over slow lines, too. */
const MOST_BYTES = 200_000;
const WIDTH = 1200;

interface Started {
  readonly entry: string;
  readonly apiKey: string;
  readonly page: string;
}

const DOCUMENT = 'docs/architecture.md';
await writeFile(DOCUMENT, await withSystemPicture(await readFile(DOCUMENT, 'utf8')));
console.log(DOCUMENT);
if (chromiumPath === undefined) {
  console.error('There is no Chromium: install one (Debian: apt-get install chromium), or name it by CHROMIUM.');
  process.exit(2);
}
const command = ['tools/operator/two-region.mjs', 'local', '--port', '0', '--time-scale', '10', '--no-watch', '--json'];
const runtime = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'ignore'] });
const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
try {
  await mkdir(FOLDER, { recursive: true });
  await take(browser, await started());
} finally {
  await browser.close();
  runtime.kill('SIGINT');
}

/** The summary, once all of it has come. */
async function started(): Promise<Started> {
  let text = '';
  for await (const chunk of runtime.stdout) {
    text += chunk;
    if (text.trimEnd().endsWith('}')) return JSON.parse(text);
  }
  throw new Error('The runtime has ended: npm start says why.');
}

async function take(browser: Browser, { entry, apiKey, page: url }: Started): Promise<void> {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 800 } });
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  await page.getByRole('listitem').filter({ hasText: 'to primary' }).nth(1).waitFor();
  const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' };
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${entry}${path}`, { ...init, headers }).then((response) => response.text());
  const user = { method: 'POST', body: JSON.stringify({ name: 'Ada Lovelace' }) };
  // The first call of each function waits for its process.
  await call('/user/a1B2c3D4', user);
  for (const path of ['/test', '/user/a1B2c3D4', '/user/nobody00', '/user/short']) await call(path);
  await call('/user/a1B2c3D4', user);
  await page.getByRole('button', { name: 'POST /user/a1B2c3D4' }).first().click();
  await page.getByRole('row').filter({ hasText: 'replica' }).last().waitFor();
  await picture(page, 'requests');

  await page.getByRole('tab', { name: 'Explorer' }).click();
  await page.getByLabel('Operation').selectOption('post-event');
  await page.getByRole('button', { name: 'Send POST' }).click();
  await page.getByRole('row').filter({ hasText: 'replica' }).last().waitFor();
  await picture(page, 'explorer');
  await page.getByRole('tab', { name: 'Requests' }).click();

  await page.getByRole('button', { name: 'Fail primary …' }).click();
  await page.getByRole('button', { name: 'Fail primary', exact: true }).click();
  await page.getByText(/primary is unhealthy; until clients follow/).waitFor();
  await picture(page, 'failover', '.system');
}

/** In light and dark, as WebP, which Chromium writes by itself. */
async function picture(page: Page, name: string, part = 'body'): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const box = await page.locator(part).boundingBox();
    if (!box) throw new Error(`There is no ${part} on the page.`);
    const { x, y, width, height } = box;
    const edge = part === 'body' ? 0 : 8;
    const clip = {
      x: x - edge,
      y: y - edge,
      width: width + 2 * edge,
      height: Math.min(height + 2 * edge, 1000),
      scale: 1,
    };
    const { data } = await session.send('Page.captureScreenshot', {
      ...{ format: 'webp', quality: 80, captureBeyondViewport: true, clip },
    });
    const bytes = Buffer.from(data, 'base64');
    if (bytes.length > MOST_BYTES) throw new Error(`The picture ${name} has ${bytes.length} bytes.`);
    const file = join(FOLDER, `${name}-${colorScheme}.webp`);
    await writeFile(file, bytes);
    console.log(`${file}: ${Math.ceil(bytes.length / 1000)} kB`);
  }
}
