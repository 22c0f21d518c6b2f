import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Json } from '#local/terraform/expression/value/value.ts';
import { expectDocumented } from '#tests/tools/local/support/compared.ts';
import { judge } from './judge.ts';

const cases = z
  .object({
    locals: z.custom<Json>(),
    cases: z.array(
      z.object({
        expression: z.string(),
        json: z.string().optional(),
        refused: z.literal(true).optional(),
        unknown: z.literal(true).optional(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('./terraform-1.11.json', import.meta.url), 'utf8')));

describe('a template gives what Terraform itself gives', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'terraform-cases-'));
    writeFileSync(path.join(folder, 'data.txt'), 'file content\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(cases.cases)('$expression', ({ expression, json, unknown }) => {
    const verdict = judge(expression, cases.locals, folder);
    if (unknown) expect(verdict.isKnown).toBe(false);
    else expect(verdict.json).toBe(json);
  });

  it('is told so in the documentation', () => {
    expectDocumented('terraform', { against: 'templates, Terraform 1.11.4', cases: cases.cases.length, differ: 0 });
  });
});
