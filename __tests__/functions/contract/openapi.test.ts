import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import { openApiDocument } from '#contract/openapi.ts';

const options = {
  title: 'two-region-api',
  servers: { rest: [{ url: 'https://api.example.com' }], http: [{ url: 'https://events.example.com' }] },
};
/** As its readers see it. */
const document = JSON.parse(JSON.stringify(openApiDocument(options)));

describe('openApiDocument (B2)', () => {
  it('is OpenAPI 3.1 by a validator of the specification', async () => {
    const result = await new Validator().validate(structuredClone(document));
    expect(result).toEqual({ valid: true });
    expect(document.openapi).toMatch(/^3\.1\./);
  });

  it('has every operation of the contract, in its order', () => {
    const described = Object.values<Record<string, { operationId: string }>>(document.paths)
      .flatMap((path) => Object.values(path))
      .map(({ operationId }) => operationId);
    expect(described.toSorted()).toEqual(operations.map(({ id }) => id).toSorted());
    expect(Object.keys(document.paths)).toEqual([...new Set(operations.map(({ path }) => path))]);
  });

  it('says who may call and where: an API key, a signature, or nobody in particular', () => {
    expect(document.paths['/test'].get.security).toEqual([{ apiKey: [] }]);
    expect(document.paths['/healthcheck'].get.security).toEqual([]);
    expect(document.paths['/events'].post).toMatchObject({ security: [{ iam: [] }], servers: options.servers.http });
    expect(document.paths['/test'].get).not.toHaveProperty('servers');
  });

  it('says which operations take tokens, and of which scopes; only then is there such a scheme', async () => {
    const forTokens = operations.map((operation) => ({
      ...operation,
      ...(operation.id === 'list-events' && { auth: 'jwt' as const, scopes: ['events/read'] }),
    }));
    const described = JSON.parse(JSON.stringify(openApiDocument({ ...options, operations: forTokens })));
    expect(described.paths['/events'].get.security).toEqual([{ jwt: ['events/read'] }]);
    expect(described.components.securitySchemes.jwt).toMatchObject({ type: 'http', scheme: 'bearer' });
    expect(await new Validator().validate(described)).toEqual({ valid: true });
    expect(document.components.securitySchemes).not.toHaveProperty('jwt');
  });

  it('describes parameters with a pattern and an example', () => {
    expect(document.paths['/user/{id}'].get.parameters).toEqual([
      {
        name: 'id',
        in: 'path',
        required: true,
        schema: { type: 'string', pattern: '^[0-9A-Za-z]{8,64}$' },
        example: 'a1B2c3D4',
      },
    ]);
  });

  it('describes errors by one schema, which the gateway of the HTTP API does not know', () => {
    const { responses } = document.paths['/user/{id}'].get;
    const error = { $ref: '#/components/schemas/Error' };
    for (const status of ['400', '404', '500', 'default']) {
      expect(responses[status].content['application/json'].schema).toEqual(error);
    }
    const { schema } = document.paths['/events'].get.responses.default.content['application/json'];
    expect(schema.anyOf).toEqual([error, { $ref: '#/components/schemas/Message' }]);
  });

  it('shows bodies that its own schemas accept', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    let shown = 0;
    for (const path of Object.values<Record<string, { requestBody?: { content: Record<string, unknown> } }>>(
      document.paths,
    )) {
      for (const { requestBody } of Object.values(path)) {
        const content = requestBody?.content['application/json'] as
          | { schema: object; examples: Record<string, { value: unknown }> }
          | undefined;
        for (const { value } of Object.values(content?.examples ?? {})) {
          shown++;
          expect(ajv.validate(content?.schema ?? false, value), ajv.errorsText()).toBe(true);
        }
      }
    }
    expect(shown).toBeGreaterThanOrEqual(3);
  });
});
