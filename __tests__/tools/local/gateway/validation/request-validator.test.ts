import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  createRequestValidator,
  type RequestValidation,
  type RequestValidatorProps,
} from '#local/gateway/validation/request-validator.ts';
import { anyCharacter } from '#tests/support/hostile/any-character.ts';

type Method = RequestValidatorProps['method'];

const integration: Method['integration'] = {
  type: 'AWS',
  uri: '',
  requestTemplates: {},
  requestParameters: {},
  passthroughBehavior: 'WHEN_NO_MATCH',
  timeoutMilliseconds: 29_000,
};
const noParameters = { path: {}, querystring: {}, header: {} };

function validatorFor(schema: unknown, models: Readonly<Record<string, unknown>> = {}) {
  const validate = createRequestValidator({
    method: {
      integration,
      requestParameters: {},
      requestModels: { 'application/json': 'Body' },
      requestValidator: { body: true, parameters: true },
    },
    models: { Body: schema, ...models },
  });
  return (body: string, contentType?: string): RequestValidation =>
    validate({ parameters: noParameters, contentType, body });
}

function violations(schema: unknown, body: unknown): string | undefined {
  const result = validatorFor(schema)(JSON.stringify(body));
  return result.ok ? undefined : result.validationErrorString;
}

const content = { type: 'object', properties: { content: { type: 'string', maxLength: 5 } }, required: ['content'] };

describe('S3.3: body validation', () => {
  it('says what is wrong in the words of AWS', () => {
    expect(validatorFor(content)('{}')).toEqual({
      ok: false,
      type: 'BAD_REQUEST_BODY',
      message: 'Invalid request body',
      validationErrorString: '[object has missing required properties (["content"])]',
    });
  });

  it.each([
    [{ type: 'string' }, 1, 'instance type (integer) does not match any allowed primitive type (allowed: ["string"])'],
    [
      { type: ['object', 'array'] },
      null,
      'instance type (null) does not match any allowed primitive type (allowed: ["array","object"])',
    ],
    [
      { type: 'number' },
      true,
      'instance type (boolean) does not match any allowed primitive type (allowed: ["integer","number"])',
    ],
    [
      { type: 'integer' },
      1.5,
      'instance type (number) does not match any allowed primitive type (allowed: ["integer"])',
    ],
    [{ minLength: 3 }, '😀', 'string "😀" is too short (length: 1, required minimum: 3)'],
    [{ maxLength: 2 }, 'abc', 'string "abc" is too long (length: 3, maximum allowed: 2)'],
    [{ pattern: '^[a-z]+$' }, 'A"', 'ECMA 262 regex "^[a-z]+$" does not match input string "A""'],
    [{ enum: ['cat', 1] }, 'dog', 'instance value ("dog") not found in enum (possible values: ["cat",1])'],
    [{ minimum: 0 }, -1, 'numeric instance is lower than the required minimum (minimum: 0, found: -1)'],
    [{ minimum: 0, exclusiveMinimum: true }, 0, 'numeric instance is not strictly greater than the required minimum 0'],
    [{ maximum: 10 }, 11, 'numeric instance is greater than the required maximum (maximum: 10, found: 11)'],
    [
      { maximum: 10, exclusiveMaximum: true },
      10,
      'numeric instance is not strictly lower than the required maximum 10',
    ],
    [
      { properties: { a: {} }, additionalProperties: false },
      { b: 1, a: 1, _: 2 },
      'object instance has properties which are not allowed by the schema: ["_","b"]',
    ],
    [{ minItems: 2 }, [1], 'array is too short: must have at least 2 elements but instance has 1 elements'],
    [{ maxItems: 0 }, [1], 'array is too long: must have at most 0 elements but instance has 1 elements'],
    [{ uniqueItems: true }, [1, 1], 'array must not contain duplicate elements'],
    [
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
      1,
      'instance failed to match at least one required schema among 2',
    ],
    [
      { oneOf: [{ type: 'string' }, { minLength: 1 }] },
      'a',
      'instance failed to match exactly one schema (matched 2 out of 2)',
    ],
    [{ required: ['b', 'a'] }, {}, 'object has missing required properties (["a","b"])'],
  ])('%j refuses %j', (schema, body, expected) => {
    expect(violations(schema, body)).toBe(`[${expected}]`);
  });

  it('lists all violations, the outer ones first', () => {
    const schema = { properties: { a: { type: 'string' }, b: { minimum: 1 } }, required: ['c'] };
    expect(violations(schema, { a: 1, b: 0 })).toBe(
      '[object has missing required properties (["c"]), instance type (integer) does not match any allowed primitive type (allowed: ["string"]), numeric instance is lower than the required minimum (minimum: 1, found: 0)]',
    );
  });

  it('repeats no more than 256 characters of a value', () => {
    expect(violations({ maxLength: 1 }, 'x'.repeat(5_000))).toBe(
      `[string "${'x'.repeat(256)}…" is too long (length: 5000, maximum allowed: 1)]`,
    );
  });

  it('tells a large body its first violation only', () => {
    const result = violations(
      { items: { type: 'string' } },
      Array.from({ length: 100_000 }, (_, at) => at),
    );
    expect(result).toBe('[instance type (integer) does not match any allowed primitive type (allowed: ["string"])]');
  });

  it('checks an empty body as {}, and refuses what is not JSON', () => {
    expect(validatorFor({ type: 'object' })('')).toEqual({ ok: true });
    expect(validatorFor(content)(' ')).toMatchObject({ type: 'BAD_REQUEST_BODY' });
    expect(validatorFor(content)('{')).toMatchObject({
      type: 'BAD_REQUEST_BODY',
      validationErrorString: expect.stringContaining('Unable to parse the request body as JSON'),
    });
  });

  it('matches the content type without its parameters and in any case, and leaves other types unchecked', () => {
    expect(validatorFor(content)('{}', 'Application/JSON; charset=utf-8')).toMatchObject({ ok: false });
    expect(validatorFor(content)('{}', 'text/plain')).toEqual({ ok: true });
    expect(validatorFor(content)('{}', undefined)).toMatchObject({ ok: false });
  });

  it('follows references to other models and within the model', () => {
    const list = { type: 'array', items: { $ref: 'https://apigateway.amazonaws.com/restapis/abc123/models/Content' } };
    const validate = validatorFor(list, { Content: content });
    expect(validate('[{"content":"a"}]')).toEqual({ ok: true });
    expect(validate('[{}]')).toMatchObject({
      validationErrorString: '[object has missing required properties (["content"])]',
    });
    const tree = { $schema: 'http://json-schema.org/draft-04/schema#', items: { $ref: '#' }, type: 'array' };
    expect(violations(tree, [[], [1]])).toContain('instance type (integer)');
  });

  it('refuses a missing model and one that is not a schema when it is made', () => {
    const method = {
      integration,
      requestParameters: {},
      requestModels: { 'application/json': 'Missing' },
      requestValidator: { body: true, parameters: false },
    };
    expect(() => createRequestValidator({ method, models: { Other: {} } })).toThrow('request model Missing');
    expect(() => validatorFor({ type: 'text' })).toThrow(/type/);
  });

  it('checks no body where the validator does not say so', () => {
    const method = { integration, requestParameters: {}, requestModels: { 'application/json': 'Body' } };
    const validate = createRequestValidator({ method, models: { Body: content } });
    expect(validate({ parameters: noParameters, body: 'x' })).toEqual({ ok: true });
  });
});

describe('S3.3: parameter validation', () => {
  const validate = createRequestValidator({
    method: {
      integration,
      requestParameters: {
        'method.request.path.id': true,
        'method.request.querystring.page': false,
        'method.request.querystring.date': true,
        'method.request.header.X-Tenant': true,
      },
      requestModels: {},
      requestValidator: { body: false, parameters: true },
    },
    models: {},
  });

  it('names all missing and blank parameters', () => {
    expect(validate({ parameters: { ...noParameters, path: { id: ' ' } }, body: '' })).toEqual({
      ok: false,
      type: 'BAD_REQUEST_PARAMETERS',
      message: 'Missing required request parameters: [id, date, X-Tenant]',
      validationErrorString: '[id, date, X-Tenant]',
    });
  });

  it.each(['X-Tenant', 'x-tenant', 'X-TENANT'])('finds the header %s', (name) => {
    const parameters = { path: { id: '1' }, querystring: { date: 'd' }, header: { [name]: 't' } };
    expect(validate({ parameters, body: '' })).toEqual({ ok: true });
  });
});

describe('content types that an integration takes', () => {
  const withBehavior = (
    passthroughBehavior: Method['integration']['passthroughBehavior'],
    requestTemplates: Record<string, string>,
  ) =>
    createRequestValidator({
      method: {
        integration: { ...integration, passthroughBehavior, requestTemplates },
        requestParameters: {},
        requestModels: {},
      },
      models: {},
    });
  const xml = { parameters: noParameters, contentType: 'text/xml', body: '<a/>' };

  it.each([
    ['NEVER', { 'application/json': '{}' }, false],
    ['NEVER', { 'text/xml': '{}' }, true],
    ['NEVER', { $default: '{}' }, true],
    ['NEVER', {}, false],
    ['WHEN_NO_TEMPLATES', { 'application/json': '{}' }, false],
    ['WHEN_NO_TEMPLATES', {}, true],
    ['WHEN_NO_MATCH', { 'application/json': '{}' }, true],
  ] as const)('%s with templates %j', (behavior, templates, supported) => {
    const result = withBehavior(behavior, { ...templates })(xml);
    expect(result).toMatchObject(supported ? { ok: true } : { ok: false, type: 'UNSUPPORTED_MEDIA_TYPE' });
  });
});

describe('hostile bodies', () => {
  const nested = validatorFor({ type: 'array', items: { $ref: '#' } });

  it.each([10_000, 200_000])('a body nested %i deep is refused or accepted, and nothing breaks', (levels) => {
    expect(nested('['.repeat(levels) + ']'.repeat(levels))).toHaveProperty('ok');
    expect(nested(`${'['.repeat(levels)}1${']'.repeat(levels)}`)).toMatchObject({
      ok: false,
      type: 'BAD_REQUEST_BODY',
    });
  });

  it('a __proto__ or constructor key is a key like any other', () => {
    const strict = validatorFor({ type: 'object', properties: {}, additionalProperties: false });
    expect(strict('{"__proto__":1}')).toMatchObject({
      validationErrorString: expect.stringContaining('["__proto__"]'),
    });
    expect(validatorFor({ required: ['constructor'] })('{}')).toMatchObject({ ok: false });
    expect(validatorFor({ required: ['toString'] })('{"toString":1,"a":1,"a":2}')).toEqual({ ok: true });
  });

  it('any text gets an answer', () => {
    const validate = validatorFor(content);
    const bodies = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.json(),
      fc.constantFrom('1e999', '"\\ud800"', '{"content":"\\u0000"}', 'null'),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        expect(validate(body)).toHaveProperty('ok');
      }),
      { numRuns: 1_000 },
    );
  });
});

it.each(['[]', '"text"', '5', 'null', [], 'true'])('a model must be a JSON object: %j is refused', (schema) => {
  expect(() => validatorFor(schema)).toThrow('A model must be a JSON object, this one is');
});

describe('a body that would take long to parse', () => {
  const tenMegabytes = 10 * 1024 * 1024;
  const validate = validatorFor(content);

  it.each([
    ['lists in lists', '['.repeat(tenMegabytes / 2) + ']'.repeat(tenMegabytes / 2), 'nested too deeply'],
    ['brackets that nothing closes', '['.repeat(tenMegabytes), 'nested too deeply'],
    ['objects in objects', `${'{"a":'.repeat(1001)}1${'}'.repeat(1001)}`, 'nested too deeply'],
    ['lists beside lists', `[${'[],'.repeat(tenMegabytes / 3)}1]`, 'more than 200000 values'],
    ['numbers', `{"content":[${'1,'.repeat(200_001)}1]}`, 'more than 200000 values'],
    ['names', `[${Array.from({ length: 40_001 }, (_, at) => `{"k${at}":1}`)}]`, 'more than 40000 members'],
  ])('is refused without parsing it: %s', (_, body, problem) => {
    const parse = vi.spyOn(JSON, 'parse');
    const result = validate(body);
    const parsed = parse.mock.calls.length;
    parse.mockRestore();
    expect(parsed).toBe(0);
    expect(result).toMatchObject({ type: 'BAD_REQUEST_BODY', message: 'Invalid request body' });
    expect(result.ok || result.validationErrorString).toContain(problem);
  });

  it.each([
    ['brackets and commas in a string', { text: '[{,'.repeat(300_000) }],
    ['quotes and backslashes in a string', { text: '\\"[\\\\'.repeat(10_000) }],
    ['a thousand levels', JSON.parse(`${'['.repeat(999)}${']'.repeat(999)}`)],
    [
      'forty thousand names, and colons in texts',
      Object.fromEntries(Array.from({ length: 39_999 }, (_, at) => [`k:${at}`, '::'])),
    ],
    ['a hundred thousand values', { list: Array.from({ length: 100_000 }, (_, at) => at) }],
  ])('is no body with %s', (_, value) => {
    expect(validatorFor({ type: 'object' })(JSON.stringify({ value }))).toEqual({ ok: true });
  });
});
