import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectControl } from '#local/control/client.ts';
import { CTRL_C, TerminalSession } from '#tests/support/terminal-session.ts';

const command = new URL('../../../../tools/operator/two-region.mjs', import.meta.url).pathname;
const room = new URL('../../../../tools/operator/local/', import.meta.url).href;

let directory: string;
let session: TerminalSession | undefined;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'keys-'));
  await cp('settings.conf', join(directory, 'settings.conf'));
});
afterEach(() => session?.close());
afterAll(() => rm(directory, { recursive: true }));

describe('keys at the terminal of a running runtime (B14)', { timeout: 600_000 }, () => {
  it('are said once; they fail the primary region, bring it back, clear and quit', async () => {
    session = new TerminalSession(process.execPath, [command, 'local', '--port', '0', '--no-watch'], { directory });
    await session.shows(/Keys: .*f fail the primary region, b bring it back, c clear, q quit; \? says them again\./);
    const isFailed = async () => (await (await connectControl(directory)).status()).regions.primary.failed;
    session.type('f');
    await session.shows(/primary fails/);
    expect(await isFailed()).toBe(true);
    session.type('xF\rB');
    await session.shows(/primary recovers/);
    expect(await isFailed()).toBe(false);
    session.type('c?');
    await session.shows(/Keys: /);
    expect(session.raw).toContain('\u001b[2J');
    expect(session.text.match(/Keys: /g)).toHaveLength(2);
    session.type('q');
    expect(await session.ends()).toBe(0);
  });
});

/** Keys that print what they do, in a process of their own at a terminal. */
const ofKeys = (input = 'process.stdin') =>
  TerminalSession.ofScript(`
    import { readKeys } from '${room}terminal-keys.ts';
    const keys = [
      { key: 'a', what: 'do it', press: () => console.log('done') },
      { key: 'b', what: 'break', press: () => { throw new Error('cannot be done'); } },
    ];
    const reading = readKeys(keys, console.log, ${input});
    console.log(reading ? 'reading' : 'not a terminal');
    process.once('SIGINT', () => { reading.close(); console.log('raw: ' + process.stdin.isRaw); });
  `);

describe('reading keys', { timeout: 60_000 }, () => {
  it('says what keeps a key from doing its work, and goes on; Ctrl-C is what it is everywhere', async () => {
    session = ofKeys();
    await session.shows(/Keys: a do it, b break; \? says them again\.\s+reading/);
    session.type('ba');
    await session.shows(/cannot be done\s+done/);
    session.type(CTRL_C);
    await session.shows(/raw: false/);
    expect(await session.ends()).toBe(0);
  });

  it('is not done where there is no terminal', async () => {
    session = ofKeys('{ isTTY: false }');
    await session.shows(/not a terminal/);
    expect(session.text).not.toContain('Keys');
    expect(await session.ends()).toBe(0);
  });
});
