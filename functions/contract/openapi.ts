import { operations as contract } from './index.ts';
import { type Field, fieldsOf, type JsonSchema, jsonSchema } from './json-schema.ts';
import { AUTHORIZER_DEFAULTS, type Operation, type OperationExample } from './operation.ts';
import { errorBody } from './response.ts';

/** Where an API answers. Source: OpenAPI 3.1, "Server Object". */
export interface Server {
  readonly url: string;
  readonly description?: string;
  /** Of the placeholders in the URL. */
  readonly variables?: Readonly<Record<string, { readonly default: string; readonly description?: string }>>;
}

/** Of the contract: a change that a client notices changes it. */
const CONTRACT_VERSION = '1.0.0';

export interface OpenApiOptions {
  readonly title: string;
  /** What is described. @default - every operation of the contract */
  readonly operations?: readonly Operation[];
  readonly servers: Readonly<Record<Operation['api'], readonly Server[]>>;
}

type Json = Readonly<Record<string, unknown>>;

const securitySchemes = {
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'x-api-key',
    description: 'Key of the API, on routes of the REST API.',
  },
  /** As API Gateway's own export writes it. */
  iam: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'AWS Signature Version 4 for the service execute-api, on routes of the HTTP API.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
} as const;

/** Each stands there only where an operation asks for it. */
const tokenSchemes = {
  authorizer: {
    type: 'apiKey',
    in: 'header',
    name: AUTHORIZER_DEFAULTS.header,
    description: 'Token that an authorizer of the REST API knows.',
    'x-amazon-apigateway-authtype': 'custom',
  },
  jwt: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: "Token of the stage's issuer, on routes of the HTTP API.",
  },
} as const;

/** What each kind of API answers to what it refuses by itself. An HTTP API's own texts cannot be changed. */
const refusals = {
  rest: { description: 'The gateway refuses the request, or it could not be served.', schemas: ['Error'] },
  http: { description: 'The gateway refuses the request, or it could not be served.', schemas: ['Error', 'Message'] },
} as const;

/**
 * The contract as an OpenAPI 3.1 document: both APIs, in the order of the contract's list.
 *
 * Source: OpenAPI Specification 3.1.1.
 */
export function openApiDocument({ title, operations = contract, servers }: OpenApiOptions): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    const path = paths[operation.path] ?? {};
    path[operation.method.toLowerCase()] = describeOperation(operation, servers);
    paths[operation.path] = path;
  }
  return {
    openapi: '3.1.1',
    info: { title, version: CONTRACT_VERSION },
    servers: servers.rest,
    tags: [...new Set(operations.map((operation) => operation.function))].map((name) => ({ name })),
    paths,
    components: {
      schemas: {
        Error: schemaOf(jsonSchema(errorBody, 'draft-2020-12')),
        Message: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
      },
      securitySchemes: {
        ...securitySchemes,
        ...Object.fromEntries(
          Object.entries(tokenSchemes).filter(([name]) => operations.some(({ auth }) => auth === name)),
        ),
      },
    },
  };
}

function describeOperation(operation: Operation, servers: OpenApiOptions['servers']): Json {
  const { request, examples } = operation;
  const parameters = [
    ...fieldsOf(request.pathParameters).map((field) => parameter('path', field, examples[0]?.pathParameters)),
    ...fieldsOf(request.query).map((field) => parameter('query', field, examples[0]?.query)),
    ...fieldsOf(request.headers)
      // OpenAPI takes the content type from the body's description.
      .filter(({ name }) => name !== 'content-type')
      .map((field) => parameter('header', field, examples[0]?.headers)),
  ];
  return {
    operationId: operation.id,
    summary: operation.summary,
    description: operation.description,
    tags: [operation.function],
    ...(operation.api === 'http' && { servers: servers.http }),
    security: operation.auth === 'open' ? [] : [{ [operation.auth]: operation.scopes ?? [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(request.body && {
      requestBody: {
        required: true,
        content: json(schemaOf(jsonSchema(request.body, 'draft-2020-12')), bodyExamples(examples)),
      },
    }),
    ...(request.mediaType !== undefined && { requestBody: { required: true, content: { [request.mediaType]: {} } } }),
    responses: responsesOf(operation),
  };
}

function responsesOf({ api, responses }: Operation): Json {
  const declared = Object.entries(responses).map(([status, { description, body, mediaType }]) => {
    if (body === undefined)
      return [status, { description, ...(mediaType !== undefined && { content: { [mediaType]: {} } }) }];
    const schema = body === errorBody ? reference('Error') : schemaOf(jsonSchema(body, 'draft-2020-12'));
    return [status, { description, content: json(schema) }];
  });
  const { description, schemas } = refusals[api];
  const [first, ...others] = schemas.map(reference);
  const refusal = others.length === 0 ? first : { anyOf: [first, ...others] };
  return { ...Object.fromEntries(declared), default: { description, content: json(refusal) } };
}

function parameter(place: 'header' | 'path' | 'query', field: Field, example: OperationExample['query']): Json {
  const { name, schema } = field;
  return {
    name,
    in: place,
    required: place === 'path' || field.required,
    schema,
    ...(example?.[name] !== undefined && { example: example[name] }),
  };
}

function bodyExamples(examples: readonly OperationExample[]): Json {
  const withBody = examples.filter(({ body }) => body !== undefined);
  return Object.fromEntries(
    withBody.map(({ summary, body }) => [
      summary.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
      { summary, value: body },
    ]),
  );
}

function json(schema: unknown, examples: Json = {}): Json {
  return { 'application/json': { schema, ...(Object.keys(examples).length > 0 && { examples }) } };
}

function reference(schema: string): Json {
  return { $ref: `#/components/schemas/${schema}` };
}

/** The dialect is that of the document. */
function schemaOf({ $schema, ...schema }: JsonSchema): Json {
  return schema;
}
