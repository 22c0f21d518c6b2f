import { JavaList, JavaMap } from '#local/vtl/java/collections.ts';
import { fromPlain } from '#local/vtl/java/from-plain.ts';
import { textOf, type Value } from '#local/vtl/java/value.ts';
import type { TemplateOverrides } from '#local/vtl/template-context.ts';

/**
 * `$context.requestOverride` and `$context.responseOverride` as a template finds them: what the request's template wrote is there for the
 * response's.
 *
 * Source: Amazon API Gateway Developer Guide, "Override your API's request and response parameters and status codes for REST APIs in API
 * Gateway".
 */
export function createOverrides({ requestOverride, responseOverride }: TemplateOverrides = {}): [string, JavaMap][] {
  return [
    ['requestOverride', overrideMap(['header', 'path', 'querystring'], requestOverride)],
    ['responseOverride', overrideMap(['header'], responseOverride)],
  ];
}

function overrideMap(groups: readonly string[], given: object | undefined): JavaMap {
  const map = JavaMap.of(groups.map((group) => [group, new JavaMap()]));
  for (const [name, value] of Object.entries(given ?? {})) map.put(name, fromPlain(value));
  return map;
}

/** What a template wrote to them. */
export function readOverrides(context: Value | undefined): TemplateOverrides {
  if (!(context instanceof JavaMap)) return {};
  const request = context.get('requestOverride');
  const response = context.get('responseOverride');
  const requestOverride = request instanceof JavaMap && {
    ...readGroup(request, 'header'),
    ...readGroup(request, 'path'),
    ...readGroup(request, 'querystring'),
  };
  const responseOverride = response instanceof JavaMap && { ...readStatus(response), ...readGroup(response, 'header') };
  return {
    ...(requestOverride && Object.keys(requestOverride).length > 0 && { requestOverride }),
    ...(responseOverride && Object.keys(responseOverride).length > 0 && { responseOverride }),
  };
}

function readStatus(override: JavaMap): { status?: number } {
  const status = Number(textOf(override.get('status')));
  return Number.isInteger(status) ? { status } : {};
}

/** A list is several values of one name. */
function readGroup<Name extends string>(
  override: JavaMap,
  name: Name,
): { [_ in Name]?: Record<string, string | string[]> } {
  const group = override.get(name);
  if (!(group instanceof JavaMap) || group.size === 0) return {};
  const values = group.entries.map(({ key, value }) => [
    textOf(key),
    value instanceof JavaList ? value.items.map(textOf) : textOf(value),
  ]);
  const result: { [_ in Name]?: Record<string, string | string[]> } = {};
  result[name] = Object.fromEntries(values);
  return result;
}
