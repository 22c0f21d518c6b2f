import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type SourceMap as NodeSourceMap, SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { taskRootOf } from './function-process.ts';

/** Finds the source map of a bundle. @param sha256 - of the bundle, hexadecimal. @returns its path; there may be no such file */
export type SourceMapOf = (sha256: string) => string;

/** What the functions of this kit are bundled to. */
const BUNDLE = 'index.js';

/**
 * Names files and lines of the sources where a line of output names those of a bundle: `at functions/test/handler.ts:20:5`, relative to the
 * working directory. Without a source map a line stays as it is.
 *
 * @returns maps a line of a function whose package is at `source`
 */
export function sourcePositions(mapOf: SourceMapOf): (source: string, line: string) => string {
  const maps = new Map<string, { readonly map: NodeSourceMap; readonly folder: string } | undefined>();
  const mapIn = (root: string) => {
    if (!maps.has(root)) maps.set(root, readMap(join(root, BUNDLE), mapOf));
    return maps.get(root);
  };
  return (source, line) => {
    if (!line.includes(`${BUNDLE}:`)) return line;
    const root = taskRootOf(source);
    const found = root === undefined ? undefined : mapIn(root);
    if (root === undefined || found === undefined) return line;
    const { map, folder } = found;
    return line.replaceAll(
      /((?:file:\/\/)?\/[^\s()"':]*index\.js):(\d+):(\d+)/g,
      (whole, file: string, row: string, column: string) => {
        if (file.replace('file://', '') !== join(root, BUNDLE)) return whole;
        const entry = map.findEntry(Number(row) - 1, Number(column) - 1);
        if (!('originalSource' in entry)) return whole;
        const path = relative(process.cwd(), resolve(folder, entry.originalSource));
        return `${path}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
      },
    );
  };
}

function readMap(bundle: string, mapOf: SourceMapOf) {
  try {
    const file = mapFileOf(bundle, mapOf);
    const payload: SourceMapPayload = JSON.parse(readFileSync(file, 'utf8'));
    return { map: new SourceMap(payload), folder: dirname(file) };
  } catch {
    return undefined;
  }
}

function mapFileOf(bundle: string, mapOf: SourceMapOf): string {
  return mapOf(createHash('sha256').update(readFileSync(bundle)).digest('hex'));
}

/** The source map of the package in a folder. @returns a `file:` URL; undefined where there is none */
export function sourceMapUrlIn(root: string, mapOf: SourceMapOf): string | undefined {
  const bundle = join(root, BUNDLE);
  const file = existsSync(bundle) ? mapFileOf(bundle, mapOf) : undefined;
  return file !== undefined && existsSync(file) ? pathToFileURL(file).href : undefined;
}
