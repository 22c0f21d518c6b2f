import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import * as z from 'zod/mini';
import { DataError, damaged } from './data-error.ts';

/** What a thing that is kept is from now on. */
export interface Change {
  /** Of what kind of thing, in which region: `eu-central-1/user`. */
  readonly container: string;
  /** Names it there. */
  readonly id: string;
  /** Whatever JSON holds; null: it is gone. */
  readonly value: unknown;
}

const HEADER = z.object({ format: z.literal(1), stage: z.string(), service: z.string() });
const CHANGES = z.array(z.tuple([z.string(), z.string(), z.unknown()]));

/** `0123abcd `: the checksum that each line begins with. */
const SUM_LENGTH = 9;
/** A file is written anew when it has more than this many changes, and twice as many as there are things. */
const FEWEST_CHANGES = 1000;

/**
 * What one service keeps, in a file that only grows: a line for each write, on the disk's side of the process before the write is acknowledged, so
 * that a process that is killed loses none. Against a machine that loses power nothing is promised.
 *
 * A line is a checksum (CRC-32, of this line and all before it) and the changes of one write in JSON, which are made together or not at all. The first
 * line says whose file it is. What stands behind the last line's end was being written when the process was killed: nobody was told that it is kept.
 */
export class Journal {
  readonly file: string;
  /** Container → id → value, as they were when the file was opened; see {@link forget}. */
  readonly #found = new Map<string, Map<string, unknown>>();
  readonly #read = new Set<string>();
  #descriptor = -1;
  #size = 0;
  #sum = 0;

  /**
   * @param header - whose file it is; made when there is none
   * @throws DataError for a file that is damaged or somebody else's
   */
  constructor(file: string, header: Omit<z.infer<typeof HEADER>, 'format'>) {
    this.file = file;
    const first = { format: 1 as const, ...header };
    if (!existsSync(file)) this.#writeAnew(first);
    else if (this.#load(first)) this.#writeAnew(first);
    this.#descriptor = openSync(file, 'r+');
    // What is left of a write that was never acknowledged.
    ftruncateSync(this.#descriptor, this.#size);
  }

  /** What was kept in a container, by id, in the order in which the things came. */
  read(container: string): ReadonlyMap<string, unknown> {
    this.#read.add(container);
    return this.#found.get(container) ?? new Map();
  }

  /** Whoever reads has what it needs: only what nobody has asked for is held on to. */
  forget(): void {
    for (const container of this.#read) this.#found.delete(container);
  }

  /**
   * Keeps changes, all or none of them.
   *
   * @throws the system's error, `ENOSPC` for a full disk: nothing is kept then, and nothing may be acknowledged
   */
  keep(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    const { line, sum } = lineOf(this.#sum, toTuples(changes));
    try {
      for (let written = 0; written < line.length; ) {
        written += writeSync(this.#descriptor, line, written, line.length - written, this.#size + written);
      }
    } catch (error) {
      ftruncateSync(this.#descriptor, this.#size);
      throw error;
    }
    this.#size += line.length;
    this.#sum = sum;
  }

  close(): void {
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
  }

  /** @returns whether most of the file tells of what is no more */
  #load(expected: z.infer<typeof HEADER>): boolean {
    const bytes = readFileSync(this.file);
    let changes = 0;
    let number = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, this.#size)) {
      number += 1;
      const content = this.#check(bytes.subarray(this.#size, end), number);
      this.#size = end + 1;
      if (number === 1) this.#requireOwn(content, expected);
      else changes += this.#take(content, number);
    }
    if (number === 0) throw damaged(this.file, 1);
    const things = [...this.#found.values()].reduce((sum, { size }) => sum + size, 0);
    return changes > FEWEST_CHANGES && changes > things * 2;
  }

  #check(line: Buffer, number: number): unknown {
    const content = line.subarray(SUM_LENGTH);
    this.#sum = crc32(content, this.#sum);
    if (line.subarray(0, SUM_LENGTH).toString('latin1') !== textOf(this.#sum)) throw damaged(this.file, number);
    return JSON.parse(content.toString());
  }

  #requireOwn(content: unknown, expected: z.infer<typeof HEADER>): void {
    const { data: found } = HEADER.safeParse(content);
    if (found?.stage === expected.stage && found.service === expected.service) return;
    const holds = found
      ? `${found.service} of the stage ${found.stage}`
      : 'something of another version of this project';
    throw new DataError(
      `${this.file} holds ${holds}, not ${expected.service} of the stage ${expected.stage}: give --data another folder.`,
    );
  }

  #take(content: unknown, number: number): number {
    const { data: changes } = CHANGES.safeParse(content);
    if (!changes) throw damaged(this.file, number);
    for (const [container, id, value] of changes) {
      const things = this.#found.get(container) ?? new Map<string, unknown>();
      this.#found.set(container, things);
      if (value === null) things.delete(id);
      else things.set(id, value);
    }
    return changes.length;
  }

  /** Writes the file with what there is; until that is done the old one stands. */
  #writeAnew(header: z.infer<typeof HEADER>): void {
    const next = `${this.file}.next`;
    let sum = 0;
    let size = 0;
    rmSync(next, { force: true });
    const descriptor = openSync(next, 'wx', 0o600);
    const put = (content: unknown) => {
      const { line, sum: after } = lineOf(sum, content);
      writeFileSync(descriptor, line);
      sum = after;
      size += line.length;
    };
    put(header);
    for (const [container, things] of this.#found) {
      for (const [id, value] of things) put(toTuples([{ container, id, value }]));
    }
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(next, this.file);
    syncFolder(dirname(this.file));
    this.#size = size;
    this.#sum = sum;
  }
}

const toTuples = (changes: readonly Change[]) => changes.map(({ container, id, value }) => [container, id, value]);

function lineOf(before: number, content: unknown): { readonly line: Buffer; readonly sum: number } {
  const text = Buffer.from(JSON.stringify(content));
  const sum = crc32(text, before);
  return { line: Buffer.concat([Buffer.from(textOf(sum)), text, Buffer.from('\n')]), sum };
}

const textOf = (sum: number): string => `${sum.toString(16).padStart(SUM_LENGTH - 1, '0')} `;

/** A new name is the folder's content. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
