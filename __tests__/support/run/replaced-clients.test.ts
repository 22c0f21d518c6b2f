import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const tests = fileURLToPath(new URL('../..', import.meta.url));
/** `mockClient` of a class replaces `send` of every client of the class, for the files that the same process runs later, too. */
const REPLACES_A_CLASS = /mockClient\([A-Z]/;
const PUTS_BACK = /(afterAll|afterEach|onTestFinished)\([\s\S]{0,250}?\.restore\(\)/;

it('what a test file replaces of a class of clients it puts back', () => {
  const forgetful = readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => {
      const text = readFileSync(join(tests, file), 'utf8');
      return REPLACES_A_CLASS.test(text) && !PUTS_BACK.test(text);
    });
  expect(forgetful).toEqual([]);
});
