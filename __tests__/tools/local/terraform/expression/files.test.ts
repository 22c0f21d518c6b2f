import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateExpression } from '#local/terraform/expression/evaluate-expression.ts';
import { parseTemplate } from '#local/terraform/expression/syntax/read-expression.ts';
import { scopeOf } from './scope-fixture.ts';

describe('functions that read files', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'terraform-files-'));
    writeFileSync(path.join(folder, 'a.txt'), 'hello');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['file("a.txt")', 'hello'],
    ['file("./a.txt")', 'hello'],
    ['filebase64("a.txt")', 'aGVsbG8='],
    ['filemd5("a.txt")', '5d41402abc4b2a76b9719d911017c592'],
    ['filesha1("a.txt")', 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d'],
    ['filesha256("a.txt")', '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'],
    ['filebase64sha256("a.txt")', 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ='],
    ['fileexists("a.txt")', true],
    ['fileexists("b.txt")', false],
  ])("%s starts from the stack's folder", (expression, value) => {
    expect(evaluateExpression(parseTemplate(`\${${expression}}`), scopeOf({}, folder))).toBe(value);
  });
});
