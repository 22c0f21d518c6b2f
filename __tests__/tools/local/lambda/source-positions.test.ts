import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build, stop } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sourcePositions } from '#local/lambda/source-positions.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'positions-'));
  await writeFile(
    join(directory, 'thrower.ts'),
    'export function handler(): never {\n  // Says so.\n  throw new Error("thrown");\n}\n',
  );
  await build({
    entryPoints: [join(directory, 'thrower.ts')],
    outfile: join(directory, 'index.js'),
    bundle: true,
    minify: true,
    format: 'cjs',
    sourcemap: 'external',
  });
  await stop();
});
afterAll(() => rm(directory, { recursive: true }));

describe('positions in what functions write (B14)', () => {
  it('are those of the sources, in text and in JSON; others stay', async () => {
    const sha256 = createHash('sha256')
      .update(await readFile(join(directory, 'index.js')))
      .digest('hex');
    const mapOf = (wanted: string) => join(directory, wanted === sha256 ? 'index.js.map' : 'none');
    const bundle = await readFile(join(directory, 'index.js'), 'utf8');
    const column = bundle.indexOf('throw ') + 1;
    const source = join(relative(process.cwd(), directory), 'thrower.ts');
    const positions = sourcePositions(mapOf);
    const line = `{"stack":"Error: thrown\\n    at a (${directory}/index.js:1:${column})\\n    at b (/elsewhere/index.js:1:2)"}`;
    expect(positions(directory, line)).toBe(
      `{"stack":"Error: thrown\\n    at a (${source}:3:3)\\n    at b (/elsewhere/index.js:1:2)"}`,
    );
    expect(positions(join(directory, 'index.js'), `at file://${directory}/index.js:1:${column}`)).toBe(
      `at ${source}:3:3`,
    );
  });

  it('stay as they are where there is no source map', () => {
    const line = `at a (${directory}/index.js:1:5)`;
    expect(sourcePositions(() => join(directory, 'none'))(directory, line)).toBe(line);
  });
});
