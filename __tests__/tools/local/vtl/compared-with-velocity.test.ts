import { describe, expect, it } from 'vitest';
import { compileTemplate } from '#local/vtl/compile-template.ts';
import { expectDocumented } from '#tests/tools/local/support/compared.ts';
import { VELOCITY_CASES } from './cases/cases.ts';
import { templateContext } from './support.ts';
import { breakTemplates, generateTemplates } from './velocity/generate-templates.ts';
import { type Rendered, renderWithVelocity, whyNoVelocity } from './velocity/real-velocity.ts';

const WHY_NOT = whyNoVelocity();

/** More for a longer search: `VTL_COMPARED=5000 npx vitest run compared-with-velocity`. */
const COUNT = Number(process.env.VTL_COMPARED ?? 200);
const SEED = Number(process.env.VTL_SEED ?? 1);

function renderHere(template: string): Rendered {
  try {
    return compileTemplate(template)(templateContext());
  } catch (error) {
    expect(error).toMatchObject({ name: 'TemplateError' });
    return undefined;
  }
}

/** `""`, or `$e`, which holds one. */
const COMPARED_WITH_EMPTY =
  /(?:[!=]=|\beq\b|\bne\b)\s*(?:""|''|\$!?\{?e\b)|(?:""|''|\$!?\{?e\}?)\s*(?:[!=]=|eq\b|ne\b)/;

/** Where the two are known to differ, or Velocity's output is another one each time: an array's identity, null beside an empty text, a block too deep in itself. */
function isComparable(template: string, rendered: Rendered): boolean {
  return !COMPARED_WITH_EMPTY.test(template) && !/\[[A-Z][\w.;]*@[0-9a-f]+|Reference@|Itr@|\$b\b/.test(rendered ?? '');
}

describe.skipIf(WHY_NOT !== undefined)(`templates beside the real Velocity 1.7${WHY_NOT ? `, ${WHY_NOT}` : ''}`, () => {
  it('render the same, or are refused by both', { timeout: 600_000 }, () => {
    const generated = generateTemplates(SEED, COUNT);
    // Without API Gateway's variables, which Velocity doesn't have.
    const plain = VELOCITY_CASES.map(({ template }) =>
      template.replaceAll(/\$(input|util|context|stageVariables)\b/g, '$none'),
    );
    const templates = [...plain, ...generated, ...breakTemplates(SEED, [...plain, ...generated], COUNT)];
    const rendered = renderWithVelocity(templates);
    const differences = templates.flatMap((template, at) => {
      const velocity = rendered[at];
      const here = renderHere(template);
      return here === velocity || !isComparable(template, velocity) ? [] : [{ template, velocity, here }];
    });
    expect(rendered).toHaveLength(templates.length);
    expect(differences).toEqual([]);
    const documented = {
      against: 'the real Velocity 1.7: recorded, generated and broken templates',
      differ: differences.length,
    };
    if (process.env.VTL_COMPARED === undefined) expectDocumented('vtl', { ...documented, cases: templates.length });
  });
});
