import { compileBody } from './compile-node.ts';
import { Frame } from './frame.ts';
import { createInput } from './gateway/input.ts';
import { util } from './gateway/util.ts';
import { bounded, TemplateError, TemplateInputError } from './limits.ts';
import { parseTemplate } from './parse-template.ts';
import type { TemplateContext, TemplateOutput } from './template-context.ts';

import { getEntry, isMap, type JavaMap, type Value } from './values.ts';

/**
 * Compiles a mapping template, once; the returned function renders it.
 *
 * Source: Amazon API Gateway Developer Guide, "Mapping template transformations for REST APIs in API Gateway"; Apache Velocity Engine 1.7
 * User Guide.
 *
 * @throws TemplateError when the source isn't a template; rendering throws it when the template fails, and TemplateInputError when what
 * the client sent can't be read
 */
export function compileTemplate(source: string): (context: TemplateContext) => string {
  const render = compileMappingTemplate(source);
  return (context) => render(context).text;
}

/** As {@link compileTemplate}, with what the template wrote to `$context.responseOverride`. */
export function compileMappingTemplate(source: string): (context: TemplateContext) => TemplateOutput {
  const render = compileBody(parseTemplate(source));
  const overrides = source.includes('Override');
  const createVariables = compileVariables(source, overrides);
  return (context) => {
    const frame = new Frame(createVariables(context));
    const text = guard(() => bounded(render(frame)));
    return overrides ? { text, ...readOverride(frame.variables.get('context')) } : { text };
  };
}

/** Copies what a template could write to, if it names it at all. */
function compileVariables(source: string, overrides: boolean): (context: TemplateContext) => Map<string, Value> {
  const [namesContext, namesVariables] = [source.includes('context'), source.includes('stageVariables')];
  return (given) => {
    const variables = new Map<string, Value>();
    variables.set('input', createInput(given));
    variables.set('util', util);
    if (namesVariables) variables.set('stageVariables', { ...given.stageVariables });
    if (namesContext) {
      const context: JavaMap = { ...given.context };
      if (overrides) {
        context.requestOverride = { header: {}, path: {}, querystring: {} };
        context.responseOverride = { header: {} };
      }
      variables.set('context', context);
    }
    return variables;
  };
}

/** Recursion without an end and texts beyond what the engine holds are the template's failures, not the runtime's. */
function guard(render: () => string): string {
  try {
    return render();
  } catch (error) {
    if (error instanceof TemplateError || error instanceof TemplateInputError) throw error;
    throw new TemplateError(`The mapping template failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readOverride(context: Value): Pick<TemplateOutput, 'responseOverride'> {
  const override = isMap(context) ? getEntry(context, 'responseOverride') : undefined;
  if (!isMap(override)) return {};
  const status = Number(getEntry(override, 'status'));
  const header = getEntry(override, 'header');
  const headers = isMap(header) ? Object.entries(header).map(([name, value]) => [name, String(value)] as const) : [];
  return {
    responseOverride: {
      ...(Number.isInteger(status) && { status }),
      ...(headers.length > 0 && { header: Object.fromEntries(headers) }),
    },
  };
}
