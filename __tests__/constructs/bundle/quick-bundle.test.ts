import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunctions } from '#constructs/bundle/function-bundle.ts';
import { quickBundle } from '#constructs/bundle/quick-bundle.ts';

const packages = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const load = createRequire(import.meta.url);

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'quick-'));
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  await symlink(packages, join(root, 'node_modules'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function bundled(name: string, handler: string) {
  await mkdir(join(root, 'functions', name), { recursive: true });
  await writeFile(join(root, 'functions', name, 'handler.ts'), handler);
  return quickBundle(name, root);
}

describe('a bundle that is there at once (B14)', () => {
  it.each(['events', 'healthcheck', 'string-replace', 'user'])(
    'of %s is its code and its packages, and knows the files of the project that it is made of',
    async (name) => {
      const quick = await quickBundle(name);
      expect(await readdir(quick?.path ?? '')).toEqual(['index.js', 'packages.js']);
      expect(load(quick?.path ?? '')).toMatchObject({ handler: expect.any(Function) });
      const whole = (await bundleFunctions([name])).get(name)?.inputs ?? [];
      const own = (files: readonly string[] = []) => files.filter((file) => !file.includes('node_modules/')).sort();
      expect(own(quick?.inputs)).toEqual(own(whole));
    },
  );

  it('takes packages by names and by members of their namespace, and no more of them', async () => {
    const quick = await bundled(
      'names',
      `import { safeParse as parse, toJSONSchema } from 'zod/v4/core';
       import * as z from 'zod/mini';
       import { randomUUID } from 'node:crypto';
       const schema = z.object({ name: z.string() });
       export const handler = (event: unknown) => [parse(schema, event).success, typeof toJSONSchema, randomUUID().length];`,
    );
    const { handler } = load(quick?.path ?? '');
    expect(handler({ name: 'Ada' })).toEqual([true, 'function', 36]);
    expect(handler({ name: 1 })).toEqual([false, 'function', 36]);
    expect((await readFile(join(quick?.path ?? '', 'packages.js'))).byteLength).toBeLessThan(150_000);
  });

  it('is another one where the code is, with the same packages', async () => {
    const handler = (text: string) =>
      `import { safeParse } from 'zod/v4/core';\nexport const handler = () => [typeof safeParse, '${text}'];`;
    const [one, other] = [await bundled('edited', handler('one')), await bundled('edited', handler('other'))];
    expect(one?.sha256).not.toBe(other?.sha256);
    const packagesOf = (quick: typeof one) => readFile(join(quick?.path ?? '', 'packages.js'), 'utf8');
    expect(await packagesOf(one)).toBe(await packagesOf(other));
    expect(load(other?.path ?? '').handler()).toEqual(['function', 'other']);
  });

  it.each([
    ['a default import', "import z from 'zod/mini';\nexport const handler = () => typeof z;"],
    ['a namespace as a whole', "import * as z from 'zod/mini';\nexport const handler = () => Object.keys(z);"],
    [
      'a member by a name of the moment',
      "import * as z from 'zod/mini';\nexport const handler = (n: keyof typeof z) => z[n];",
    ],
    ['an import at run time', "export const handler = () => import('zod/mini');"],
    ['a name that the package does not have', "import { none } from 'zod/mini';\nexport const handler = () => none;"],
    ['a package that is not there', "import { none } from 'no-such-package';\nexport const handler = () => none;"],
  ])('is none where packages are taken in another way: %s', async (_, handler) => {
    expect(await bundled('other-way', handler)).toBeUndefined();
  });

  it("names file and line of a mistake in the project's own files", async () => {
    await expect(bundled('mistaken', 'export const handler = ;')).rejects.toThrow('functions/mistaken/handler.ts:1:23');
  });
});
