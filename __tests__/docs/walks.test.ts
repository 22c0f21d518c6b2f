import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';

const root = join(import.meta.dirname, '../..');
const { imports } = z
  .object({ imports: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const folders = Object.entries(imports).map(([key, path]) => [key.slice(0, -1), path.slice(2, -1)] as const);

/** Walk's name → the files of its list, in order. */
const walks = new Map(
  readFileSync(join(root, 'docs/architecture.md'), 'utf8')
    .split(/^## /m)
    .filter((section) => section.startsWith('Walk: '))
    .map((section) => {
      const [title = ''] = section.split('\n');
      return [title.replace('Walk: ', ''), [...section.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file = '']) => file)];
    }),
);

/** Files of the repository that a file imports, also in `import()` and in type positions. */
function importedBy(file: string): ReadonlySet<string> {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) => specifier);
  return new Set(
    specifiers.map((specifier) => {
      const [prefix, folder] = folders.find(([start]) => specifier.startsWith(start)) ?? [];
      if (prefix !== undefined) return `${folder}${specifier.slice(prefix.length)}`;
      return posix.normalize(`${dirname(file)}/${specifier}`);
    }),
  );
}

describe('the walks of docs/architecture.md', () => {
  it('are one request, one operation and one switch', () => {
    expect([...walks.keys()]).toEqual(['one request', 'one operation, from contract to JSON', 'one switch']);
  });

  it.each([...walks])('name files that import each other: %s', (_, files) => {
    expect(files.length).toBeGreaterThan(5);
    const strangers = files.filter((file, at) => {
      if (!existsSync(join(root, file))) return true;
      return (
        at > 0 &&
        !files.slice(0, at).some((earlier) => existsSync(join(root, earlier)) && importedBy(earlier).has(file))
      );
    });
    expect(strangers, 'gone, or imported by no file before it in the list').toEqual([]);
  });
});
