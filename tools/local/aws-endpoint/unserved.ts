import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { HttpService } from '#local/http/listen.ts';
import { type AwsRequest, type AwsResponse, readCredentialScope, startAwsEndpoint } from './aws-endpoint.ts';
import { AwsError } from './aws-error.ts';

interface UnservedOptions {
  readonly region: string;
  /** Names of what the runtime serves: `dynamodb`. */
  readonly served: readonly string[];
  readonly log: RuntimeLog;
}

/** Lambda takes the largest bodies of what isn't served, 6 MB; nothing of them is kept. */
const MAX_REQUEST_BYTES = 8 * 1024 * 1024;

/** Services whose errors are XML though their operations are told by path (botocore's service models, protocol rest-xml). */
const REST_XML = new Set(['cloudfront', 'route53', 's3', 's3-object-lambda', 's3-outposts', 's3express']);

/**
 * Starts the endpoint of all services that the runtime doesn't serve (`AWS_ENDPOINT_URL`): each call is told so, with its service and operation, in
 * the protocol that it came in, and logged.
 */
export function startUnserved({ region, served, log }: UnservedOptions): Promise<HttpService> {
  return startAwsEndpoint({
    service: 'unserved',
    maxBodyBytes: MAX_REQUEST_BYTES,
    log,
    handle: async (request) => {
      const { service, operation } = readCall(request);
      const message = `The local runtime doesn't serve ${service}: ${operation} was called in ${region}. Served are ${served.join(', ')}.`;
      log.write({ kind: 'warning', time: Date.now(), message });
      const variable = `AWS_ENDPOINT_URL_${service.toUpperCase().replace(/\W/g, '_')}`;
      throw new AwsError(
        501,
        'NotImplemented',
        `${message} A fake of your own is found by ${variable} in the function's environment.`,
      );
    },
    errorResponse,
  });
}

interface Call {
  /** As the signature has it: `sqs`. */
  readonly service: string;
  readonly operation: string;
  readonly protocol: 'cbor' | 'json' | 'query' | 'rest-json' | 'rest-xml';
}

/** Reads which operation of which service was called (Smithy, "AWS Protocols"). */
function readCall({ method, url, headers, body }: AwsRequest): Call {
  const service = readCredentialScope(headers, url)?.service ?? 'an unnamed service';
  const target = headers['x-amz-target']?.toString();
  if (target !== undefined) return { service, operation: target.slice(target.lastIndexOf('.') + 1), protocol: 'json' };
  const rpc = /^\/service\/[\w.]+\/operation\/(\w+)/.exec(url)?.[1];
  if (rpc !== undefined) {
    const isCbor = headers['smithy-protocol'] === 'rpc-v2-cbor';
    return { service, operation: rpc, protocol: isCbor ? 'cbor' : 'json' };
  }
  const type = headers['content-type']?.toString() ?? '';
  const action = /^application\/x-www-form-urlencoded/i.test(type)
    ? new URLSearchParams(body.toString()).get('Action')
    : new URLSearchParams(url.split('?')[1] ?? '').get('Action');
  if (action) return { service, operation: action, protocol: 'query' };
  const path = url.split('?', 1)[0] ?? '/';
  return { service, operation: `${method} ${path}`, protocol: REST_XML.has(service) ? 'rest-xml' : 'rest-json' };
}

function errorResponse({ status, code, message }: AwsError, request: AwsRequest): AwsResponse {
  const { protocol } = readCall(request);
  const { requestId } = request;
  switch (protocol) {
    case 'cbor': {
      const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
      return { status, headers, body: cborMap({ __type: code, message }) };
    }
    case 'query':
    case 'rest-xml': {
      const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
      const body = `<ErrorResponse>${error}<RequestId>${requestId}</RequestId></ErrorResponse>`;
      return { status, headers: { 'content-type': 'text/xml' }, body };
    }
    default: {
      const type = protocol === 'json' ? 'application/x-amz-json-1.1' : 'application/json';
      const headers = { 'content-type': type, 'x-amzn-errortype': code };
      return { status, headers, body: JSON.stringify({ __type: code, message }) };
    }
  }
}

const escapeXml = (text: string): string =>
  text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? character);

/** A map of texts in CBOR (RFC 8949): major type 5, each text of type 3 with its length in two bytes. */
function cborMap(texts: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(texts);
  return Buffer.concat([Buffer.from([0xa0 + entries.length]), ...entries.flat().map(cborText)]);
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.from([0x79, 0, 0]);
  head.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
