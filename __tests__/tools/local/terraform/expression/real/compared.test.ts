import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { expectDocumented } from '#tests/tools/local/support/compared.ts';
import { judge } from '#tests/tools/local/terraform/expression/cases/judge.ts';
import { askTerraform, hasTerraform } from './ask-terraform.ts';
import { Generator, locals } from './generate.ts';

/** More for a longer search: `TERRAFORM_COMPARED=2000 TERRAFORM_SEED=7 npx vitest run expression/real`. */
const USUAL_COUNT = 80;
const count = Number(process.env.TERRAFORM_COMPARED ?? USUAL_COUNT);
const seed = Number(process.env.TERRAFORM_SEED ?? 20261);
const isInstalled = hasTerraform();

describe('generated expressions', () => {
  it.skipIf(!isInstalled)(
    `give what the Terraform that is installed gives, or are refused by both (${isInstalled ? 'apply' : 'skipped: no terraform on the PATH'})`,
    { timeout: 600_000 },
    () => {
      const generator = new Generator(seed);
      const questions = Array.from({ length: count }, () => generator.question());
      const differing = askTerraform(questions, locals).flatMap((real, position): unknown[] => {
        const { template = '' } = questions[position] ?? {};
        const ours = judge(template, locals, tmpdir());
        if (real.refused !== undefined) return ours.json === undefined ? [] : [{ template, real, ours }];
        // Terraform itself never learns what format() makes of a bare null: an output of it is null after the apply.
        if (ours.refused?.includes('got null as an argument') && real.json === 'null') return [];
        return ours.json === real.json && ours.type === real.type ? [] : [{ template, real, ours }];
      });
      expect(differing).toEqual([]);
      if (count !== USUAL_COUNT || process.env.TERRAFORM_SEED !== undefined) return;
      expectDocumented('terraform', { against: 'generated expressions, `terraform apply`', cases: count, differ: 0 });
    },
  );
});
