import { jsonSchema } from '#contract/json-schema.ts';
import type { Operation } from '#contract/operation.ts';
import type { Found } from './contract-error.ts';

/** What a replay is told to pass by must be there: a name that is written wrong would let nothing be passed by, and nobody would know why. */
export function checkReplay({ replay, responses }: Operation): readonly Found[] {
  if (replay === undefined) return [];
  const { ignoredFields = [], comparedHeaders = [] } = replay;
  const bodies = Object.values(responses).flatMap(({ body }) =>
    body === undefined ? [] : [jsonSchema(body, 'draft-2020-12')],
  );
  const unknown = ignoredFields.filter((field) => !bodies.some((body) => leads(body, field.split('.'))));
  const capital = comparedHeaders.filter((name) => !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name));
  return [
    ...unknown.map(
      (field) =>
        `ignoredFields has ${JSON.stringify(field)}, which no response of it has: name a member, with * for each element or member, such as Items.*.id.`,
    ),
    ...capital.map(
      (name) => `comparedHeaders has ${JSON.stringify(name)}: allowed is the name of a header in lower case.`,
    ),
  ].map((message) => ({ member: 'replay', message }));
}

/** Whether a path leads to something that a schema describes; what it leaves open may be anything. */
function leads(schema: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  if (typeof schema !== 'object' || schema === null) return true;
  const { type, properties, items, additionalProperties }: Readonly<Record<string, unknown>> = { ...schema };
  if (type === 'array') return /^(?:\*|\d+)$/.test(name) && leads(items, rest);
  // A union, a reference, anything at all.
  if (type === undefined) return true;
  if (type !== 'object') return false;
  const members = new Map(Object.entries({ ...(isObject(properties) && properties) }));
  const others = isObject(additionalProperties) && leads(additionalProperties, rest);
  if (name === '*') return others || [...members.values()].some((member) => leads(member, rest));
  return members.has(name) ? leads(members.get(name), rest) : others;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
