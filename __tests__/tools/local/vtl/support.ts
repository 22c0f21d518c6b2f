import { compileTemplate } from '#local/vtl/compile-template.ts';
import type { TemplateContext } from '#local/vtl/template-context.ts';

export function templateContext(given: Partial<TemplateContext> = {}): TemplateContext {
  return { body: '', params: { path: {}, querystring: {}, header: {} }, context: {}, stageVariables: {}, ...given };
}

export function render(source: string, given: Partial<TemplateContext> = {}): string {
  return compileTemplate(source)(templateContext(given));
}

/** Renders with `$data` set from JSON. */
export function renderData(source: string, data: unknown): string {
  return render(`#set($data = $input.path('$'))${source}`, { body: JSON.stringify(data) });
}
