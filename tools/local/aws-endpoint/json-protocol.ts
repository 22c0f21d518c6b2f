import { gunzipSync } from 'node:zlib';
import { errorReason } from '#functions/error-reason.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import { callingInvocation } from '#local/events/spans.ts';
import type { HttpService } from '#local/http/listen.ts';
import { type Authorize, requireAuthorization } from './authorize.ts';
import { type AwsRequest, type AwsResponse, startAwsEndpoint } from './aws-endpoint.ts';
import { AwsError } from './aws-error.ts';

/** A member of the AWS JSON protocol's input: what `JSON.parse` gave, an object for certain. */
export type JsonInput = Readonly<Record<string, unknown>>;

/** A call that is well formed: what to ask IAM, and what to do once it has agreed. */
export interface JsonCall {
  /** ARNs that the operation must be allowed on. */
  readonly resources: readonly string[];
  /** For an operation that IAM asks for by other actions: each, without the service's prefix, with its ARN. @default the operation on `resources` */
  readonly grants?: readonly { readonly action: string; readonly resource: string }[];
  /** @param invocation - of the function that asks, where one does @throws AwsError */
  run(invocation?: string): unknown;
}

interface JsonServiceOptions {
  /** IAM prefix: `dynamodb`. */
  readonly service: string;
  /** What requests are signed for. @default service */
  readonly signingName?: string;
  readonly region: string;
  /** What stands before the operation in `X-Amz-Target`: `DynamoDB_20120810`. */
  readonly targetPrefix: string;
  /** Minor version of the protocol. */
  readonly jsonVersion: '1.0' | '1.1';
  /** Namespace of the error types: `com.amazonaws.dynamodb.v20120810`. */
  readonly errorNamespace: string;
  readonly maxBodyBytes: number;
  /** Operation → its input's check. */
  readonly operations: ReadonlyMap<string, (input: JsonInput) => JsonCall>;
  readonly authorize: Authorize;
  /** @default - any free one */
  readonly port?: number;
  readonly log?: RuntimeLog;
}

/**
 * Starts a service that speaks AWS JSON: `POST /`, the operation in `X-Amz-Target`, errors as `{"__type", "message"}`.
 *
 * Source: Smithy, "AWS JSON 1.0 protocol" and "AWS JSON 1.1 protocol".
 */
export function startJsonService(options: JsonServiceOptions): Promise<HttpService> {
  const headers = { 'content-type': `application/x-amz-json-${options.jsonVersion}` };
  return startAwsEndpoint({
    service: options.service,
    maxBodyBytes: options.maxBodyBytes,
    ...(options.log && { log: options.log }),
    ...(options.port !== undefined && { port: options.port }),
    handle: async (request) => ({ status: 200, headers, body: JSON.stringify(await call(options, request)) }),
    errorResponse: ({ status, code, message, details }): AwsResponse => {
      const type = `${options.errorNamespace}#${code}`;
      return { status, headers, body: JSON.stringify({ __type: type, message, ...details }) };
    },
  });
}

async function call(options: JsonServiceOptions, request: AwsRequest): Promise<unknown> {
  const operation = readOperation(options, request);
  const prepare = options.operations.get(operation);
  if (!prepare) {
    const served = [...options.operations.keys()].join(', ');
    throw unknownOperation(`The local runtime doesn't serve '${operation}' of ${options.service}, only ${served}.`);
  }
  const { resources, grants, run } = prepare(parseInput(unpacked(request, options.maxBodyBytes)));
  const { method, url, headers, body, accessKeyId } = request;
  const asked = grants?.map(({ action, resource }) => ({ action, resources: [resource] }));
  for (const each of asked ?? [{ action: operation, resources }]) {
    await requireAuthorization(options.authorize, {
      service: options.signingName ?? options.service,
      region: options.region,
      ...(accessKeyId !== undefined && { accessKeyId }),
      action: `${options.service}:${each.action}`,
      resources: each.resources,
      headers,
      method,
      url,
      body,
    });
  }
  return run(callingInvocation(headers['x-amzn-trace-id'])) ?? {};
}

function readOperation({ service, targetPrefix }: JsonServiceOptions, { method, headers }: AwsRequest): string {
  const [prefix, operation] = String(headers['x-amz-target'] ?? '').split('.');
  if (method === 'POST' && prefix === targetPrefix && operation) return operation;
  const got = `${method}, X-Amz-Target '${headers['x-amz-target'] ?? ''}'`;
  throw unknownOperation(
    `${service} takes POST with the header X-Amz-Target: ${targetPrefix}.<operation>; got ${got}.`,
  );
}

/** SDKs send large inputs of some operations packed (Smithy, `requestCompression` trait). */
function unpacked({ body, headers }: AwsRequest, maxOutputLength: number): Buffer {
  if (headers['content-encoding'] !== 'gzip') return body;
  try {
    return gunzipSync(body, { maxOutputLength });
  } catch (error) {
    throw malformed(`The request's body cannot be unpacked: ${errorReason(error)}`);
  }
}

function parseInput(body: Buffer): JsonInput {
  let input: unknown;
  try {
    input = JSON.parse(body.toString());
  } catch (error) {
    throw malformed(`The request's body is not valid JSON: ${errorReason(error)}`);
  }
  if (!isObject(input)) throw malformed("The request's body must be a JSON object.");
  return input;
}

const isObject = (value: unknown): value is JsonInput =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unknownOperation = (message: string): AwsError => new AwsError(400, 'UnknownOperationException', message);

/** The input can't be read as what the operation takes. */
export const malformed = (message: string): AwsError => new AwsError(400, 'SerializationException', message);
