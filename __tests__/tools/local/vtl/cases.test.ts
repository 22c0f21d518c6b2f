import { describe, expect, it } from 'vitest';
import { compileTemplate } from '#local/vtl/compile-template.ts';
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
});
