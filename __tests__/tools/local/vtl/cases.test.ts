import { describe, expect, it } from 'vitest';
import { compileTemplate } from '#local/vtl/compile-template.ts';
import { expectDocumented } from '#tests/tools/local/support/compared.ts';
import { API_GATEWAY_CASES, SUPERSEDED_CASES, VELOCITY_CASES, velocityRequest } from './cases/cases.ts';
import { render } from './support.ts';

describe('mapping templates, beside recorded output', () => {
  it.each(VELOCITY_CASES)('render as Velocity 1.7 renders them: $name: $template', ({ template, output }) => {
    const renderIt = () => compileTemplate(template)(velocityRequest);
    if (output === undefined) expect(renderIt).toThrow(/line \d+, column \d+/);
    else expect(renderIt()).toBe(output);
  });

  it.each(SUPERSEDED_CASES)(
    'render as on API Gateway where Velocity differs: $name: $template',
    ({ template, output }) => {
      expect(compileTemplate(template)(velocityRequest)).toBe(output);
    },
  );

  it.each(API_GATEWAY_CASES)('render as recorded on AWS: $template', ({ template, body, output }) => {
    expect(render(template, { body })).toBe(output);
  });

  it('agree in as many cases as the documentation says', () => {
    const velocity = VELOCITY_CASES.filter(({ template, output }) => renderRequest(template) !== output).length;
    const superseded = SUPERSEDED_CASES.filter(({ template, output }) => renderRequest(template) !== output).length;
    const recorded = API_GATEWAY_CASES.filter(
      ({ template, body, output }) => render(template, { body }) !== output,
    ).length;
    expectDocumented('vtl', {
      against: 'Apache Velocity 1.7, as recorded',
      cases: VELOCITY_CASES.length,
      differ: velocity,
    });
    expectDocumented('vtl', {
      against: 'API Gateway, as recorded on AWS',
      cases: API_GATEWAY_CASES.length,
      differ: recorded,
    });
    expectDocumented('vtl', {
      against: 'API Gateway where it supersedes Velocity, by those recordings',
      cases: SUPERSEDED_CASES.length,
      differ: superseded,
    });
  });
});

/** `undefined`: refused. */
function renderRequest(template: string): string | undefined {
  try {
    return compileTemplate(template)(velocityRequest);
  } catch {
    return undefined;
  }
}
