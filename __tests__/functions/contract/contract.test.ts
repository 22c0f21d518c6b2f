import { describe, expect, it } from 'vitest';
import { safeParse } from 'zod/v4/core';
import { operations } from '#contract/index.ts';

const cases = operations.map((operation) => [operation.id, operation] as const);
const unique = (values: readonly string[]) => expect(values.toSorted()).toEqual([...new Set(values)].toSorted());

describe('the contract (B2)', () => {
  it('gives every operation an id and a route of its own', () => {
    unique(operations.map(({ id }) => id));
    unique(operations.map(({ api, method, path }) => `${api} ${method} ${path}`));
  });

  it.each(cases)('declares a schema for each path parameter of %s and for no other', (_, { path, request }) => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, 'xxxxxxxx']);
    const accepted =
      request.pathParameters === undefined || safeParse(request.pathParameters, Object.fromEntries(inPath));
    expect(request.pathParameters !== undefined).toBe(inPath.length > 0);
    expect(accepted === true || accepted.success).toBe(true);
  });

  it.each(cases)(
    'shows requests that %s accepts, with statuses that it declares',
    (_, { request, responses, examples }) => {
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        expect(Object.keys(responses)).toContain(String(example.status));
        for (const part of ['pathParameters', 'query', 'body'] as const) {
          const schema = request[part];
          if (schema !== undefined) expect(safeParse(schema, example[part] ?? {}).success, part).toBe(true);
          else expect(example[part]).toBeUndefined();
        }
      }
    },
  );

  it.each(cases)('lets %s be called the way its API can', (_, { api, auth, integration, responses }) => {
    if (api === 'http') expect(integration).toBe('proxy');
    if (auth === 'apiKey') expect(api).toBe('rest');
    if (integration === 'template') expect(Object.keys(responses)).toEqual(expect.arrayContaining(['200', '500']));
  });
});
