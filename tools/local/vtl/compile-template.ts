import { compileBody } from './engine/compile-statement.ts';
import { Compilation, Macros, type Render } from './engine/macros.ts';
import { Output, Rendering, StopCommand } from './engine/rendering.ts';
import { TemplateScope } from './engine/scope.ts';
import { Input } from './gateway/input.ts';
import { createOverrides, readOverrides } from './gateway/overrides.ts';
import { util } from './gateway/util.ts';
import { JavaMap } from './java/collections.ts';
import { fromPlain } from './java/from-plain.ts';
import type { Value } from './java/value.ts';
import { TemplateError, TemplateInputError } from './limits.ts';
import type { TemplateContext, TemplateOutput } from './template-context.ts';

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

/** As {@link compileTemplate}, with what the template wrote to `$context.requestOverride` and `$context.responseOverride`. */
export function compileMappingTemplate(source: string): (context: TemplateContext) => TemplateOutput {
  const macros = new Macros();
  const body = guard(() => {
    const compilation = new Compilation(source, macros);
    return compileBody(compilation.statements, compilation);
  });
  const overrides = source.includes('Override') || source.includes('evaluate');
  const createVariables = compileVariables(source, overrides);
  return (given) => {
    const variables = createVariables(given);
    const out = new Output();
    const rendering = new Rendering(new Macros(macros));
    guard(() => renderBody(body, new TemplateScope(rendering, variables), out));
    const notes = rendering.notes.size === 0 ? {} : { notes: [...rendering.notes] };
    return { text: out.text, ...(overrides && readOverrides(variables.get('context'))), ...notes };
  };
}

/** `#stop`, and a `#break` outside of loops, end the template. */
function renderBody(body: Render, scope: TemplateScope, out: Output): void {
  try {
    body(scope, out);
  } catch (error) {
    if (!(error instanceof StopCommand) || !error.isFor('template')) throw error;
  }
}

/** Copies what a template could write to, if it names it at all. */
function compileVariables(source: string, overrides: boolean): (context: TemplateContext) => Map<string, Value> {
  const names = (name: string) => source.includes(name) || source.includes('evaluate');
  const [namesContext, namesVariables] = [names('context'), names('stageVariables')];
  return (given) => {
    const variables = new Map<string, Value>([
      ['input', new Input(given)],
      ['util', util],
    ]);
    if (namesVariables) variables.set('stageVariables', fromPlain(given.stageVariables));
    if (namesContext) variables.set('context', createContext(given, overrides));
    return variables;
  };
}

function createContext({ context, overrides: before }: TemplateContext, overrides: boolean): JavaMap {
  const map = new JavaMap({ plain: context, convert: fromPlain });
  if (overrides) for (const [name, value] of createOverrides(before)) map.put(name, value);
  return map;
}

/** Recursion without an end and texts beyond what the engine holds are the template's failures, not the runtime's. */
function guard<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof TemplateError || error instanceof TemplateInputError) throw error;
    throw new TemplateError(`The mapping template failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
