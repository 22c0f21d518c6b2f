import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '#local/data/data-error.ts';
import { deleteKeptData, openDataFolder } from '#local/data/data-folder.ts';
import { Journal } from '#local/data/journal.ts';

const OWNER = { service: 'dynamodb', stage: 'dev' };
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  file = join(folder, 'dynamodb.journal');
});
afterEach(() => rmSync(folder, { recursive: true }));

const change = (id: string, value: unknown) => ({ container: 'user', id, value });
/** Opens it, does something, and closes it. */
function using<T>(work: (journal: Journal) => T): T {
  const journal = new Journal(file, OWNER);
  try {
    return work(journal);
  } finally {
    journal.close();
  }
}
const found = () => using((journal) => Object.fromEntries(journal.read('user')));

describe('a journal (B14)', () => {
  it('holds what was kept, over several openings, and not what has gone', () => {
    using((journal) => journal.keep([change('a', { text: 'line\nline ü' }), change('b', 2)]));
    using((journal) => journal.keep([change('b', null), change('c', [3])]));
    expect(found()).toEqual({ a: { text: 'line\nline ü' }, c: [3] });
    using((journal) => {
      expect(journal.read('user').size).toBe(2);
      journal.forget();
      expect(journal.read('user').size).toBe(0);
    });
    expect(found()).toHaveProperty('c');
  });

  it('leaves out a write that was cut short, which nobody was told of, and goes on behind the last whole one', () => {
    using((journal) => journal.keep([change('a', 1)]));
    const whole = readFileSync(file);
    using((journal) => journal.keep([change('b', 2), change('c', 3)]));
    const both = readFileSync(file);
    for (let length = whole.length; length < both.length; length += 1) {
      writeFileSync(file, both.subarray(0, length));
      expect(found()).toEqual({ a: 1 });
      expect(readFileSync(file)).toEqual(whole);
    }
    using((journal) => journal.keep([change('d', 4)]));
    expect(found()).toEqual({ a: 1, d: 4 });
  });

  it('that is damaged anywhere is named with its path and the line, and nothing of it is served', () => {
    using((journal) => ['a', 'b', 'c'].forEach((id) => void journal.keep([change(id, id)])));
    const whole = readFileSync(file);
    const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1;
    for (let at = 0; at < lastLine; at += 1) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      expect(found, `byte ${at}`).toThrow(DataError);
      expect(found).toThrow(`${file} is damaged: line `);
    }
    const lines = whole.toString().split('\n');
    for (const without of [1, 2]) {
      writeFileSync(file, lines.filter((_, at) => at !== without).join('\n'));
      expect(found, `without line ${without + 1}`).toThrow(`${file} is damaged: line ${without + 1}`);
    }
    writeFileSync(file, '');
    expect(found).toThrow('damaged: line 1');
  });

  it('of another stage, or of something else, is refused', () => {
    using((journal) => journal.keep([change('a', 1)]));
    expect(() => new Journal(file, { ...OWNER, stage: 'prod' })).toThrow('holds dynamodb of the stage dev');
    expect(() => new Journal(file, { ...OWNER, service: 's3' })).toThrow('give --data another folder');
  });

  it('is written anew when most of it tells of what is no more', () => {
    using((journal) => {
      for (let at = 0; at < 1500; at += 1) journal.keep([change(`${at % 3}`, at)]);
    });
    const before = statSync(file).size;
    expect(found()).toEqual({ '0': 1497, '1': 1498, '2': 1499 });
    expect(statSync(file).size).toBeLessThan(before / 100);
    using((journal) => journal.keep([change('3', 3)]));
    expect(found()).toMatchObject({ '2': 1499, '3': 3 });
  });
});

describe('a data folder (B14)', () => {
  it("is one runtime's alone, and that of a process which is gone is free", () => {
    writeFileSync(join(folder, 'lock'), '1');
    expect(() => openDataFolder(folder, 'dev')).toThrow(`${folder} is in use: process 1 has`);
    expect(() => deleteKeptData(folder, ['dynamodb'])).toThrow('is in use');
    writeFileSync(join(folder, 'lock'), '4194305');
    expect(() => openDataFolder(folder, 'dev').close()).not.toThrow();
  });

  it('is emptied, damaged or not, but for files of others', () => {
    appendFileSync(file, 'damaged');
    appendFileSync(join(folder, 'notes.txt'), 'mine');
    deleteKeptData(folder, ['dynamodb', 's3']);
    expect(found()).toEqual({});
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });
});
