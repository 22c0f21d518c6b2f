import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSyntax } from '#stacks/settings/file/syntax.ts';
import { loadSettings, SettingsError } from '#stacks/settings/index.ts';
import { fileSchema } from '#stacks/settings/schema.ts';
import { settingsText } from './settings-text.ts';
import { hasShell, type ShellValue, sourceInShell } from './shell-oracle.ts';

const shipped = join(import.meta.dirname, '../../../settings.conf');

describe('S0.1 the settings.conf that comes with the project', () => {
  it('is valid, whatever its owner has made of it, and shows every key', () => {
    expect(loadSettings(shipped)).toMatchObject({ stages: expect.arrayContaining([expect.any(String)]) });
    const text = readFileSync(shipped, 'utf8');
    const unseen = Object.keys(fileSchema.shape).filter((key) => !new RegExp(`^${key}=`, 'm').test(text));
    expect(unseen).toEqual([]);
  });

  it('gives every optional key its default, as the tests have it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'));
    writeFileSync(join(folder, 'settings.conf'), settingsText());
    // Most tests are about DNS itself, which no latch is to hold, and have no heartbeat.
    const { alarms, ...settings } = loadSettings('settings.conf');
    expect({
      ...settings,
      failback: 'manual',
      routeAway: 'watch',
      objectReplication: 'none',
      ownKeys: [],
      alarms: { ...alarms, heartbeatAgeSeconds: 180 },
    }).toEqual(loadSettings(join(folder, 'settings.conf')));
    rmSync(folder, { recursive: true });
  });

  it.runIf(hasShell('bash'))('means to bash what it means to us', () => {
    const text = readFileSync(shipped, 'utf8');
    const { assignments } = parseSyntax(text);
    const names = [...assignments.keys()];
    const values = new Map<string, ShellValue>();
    for (const [name, assignment] of assignments) {
      if (assignment.kind === 'text') values.set(name, assignment.text);
      if (assignment.kind === 'list')
        values.set(
          name,
          assignment.words.map((word) => word.text),
        );
    }
    expect(names.length).toBeGreaterThan(20);
    expect(sourceInShell('bash', [text], names)).toEqual([values]);
  });
});

describe('S0.1 a settings file that cannot be read', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function errorOf(path: string): unknown {
    try {
      return loadSettings(path);
    } catch (error) {
      return error;
    }
  }

  it('is named, with what to do, when it is missing', () => {
    const path = join(folder, 'missing.conf');
    const error = errorOf(path);
    expect(error).toBeInstanceOf(SettingsError);
    expect(error).toMatchObject({ problems: [{ line: 0 }] });
    expect(String(error)).toBe(
      `SettingsError: ${path}: cannot be read: there is no such file. Run the command in the project's folder, or put settings.conf there.`,
    );
  });

  it('is named when it is a folder', () => {
    expect(String(errorOf(folder))).toContain('it is a folder');
  });

  it.runIf(process.getuid?.() !== 0)('is named when its permissions forbid it', () => {
    const path = join(folder, 'forbidden.conf');
    writeFileSync(path, settingsText());
    chmodSync(path, 0);
    expect(String(errorOf(path))).toContain('chmod u+r');
  });

  it('is named when it is not UTF-8', () => {
    const path = join(folder, 'latin1.conf');
    writeFileSync(path, Buffer.from('# Schl\u00fcssel\n', 'latin1'));
    expect(String(errorOf(path))).toContain('it is not UTF-8');
  });

  it('is refused with a byte order mark', () => {
    const path = join(folder, 'bom.conf');
    writeFileSync(path, `\ufeff${settingsText()}`);
    expect(errorOf(path)).toMatchObject({
      problems: [{ line: 1, message: expect.stringContaining('byte order mark') }],
    });
  });
});
