import { ApiGatewayIntegration } from '@cdktf/provider-aws/lib/api-gateway-integration';
import { ApiGatewayIntegrationResponse } from '@cdktf/provider-aws/lib/api-gateway-integration-response';
import { ApiGatewayMethod } from '@cdktf/provider-aws/lib/api-gateway-method';
import { ApiGatewayMethodResponse } from '@cdktf/provider-aws/lib/api-gateway-method-response';
import { Construct } from 'constructs';

/** Cross-origin resource sharing. An HTTP API knows it by itself; of a REST API each kind of response carries it. */
export interface CorsProps {
  /** `*`, `https://*`, `http://*` or origins: `https://app.example.com`. */
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds: number;
}

/** Header → value of a parameter mapping: `'text'` or `method.request.header.name`. */
type Mapped = Readonly<Record<string, string>>;

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin';

/** Headers of a response through mapping templates; where there is a choice of origins, the one that asks is set by {@link originTemplate}. */
export function responseHeaders(cors: CorsProps): Mapped {
  return {
    ...quoted({ [ALLOW_ORIGIN]: onlyOrigin(cors) }),
    ...sharedHeaders(cors),
    ...quoted({ 'Access-Control-Expose-Headers': cors.exposeHeaders.join(',') }),
  };
}

/**
 * Headers of what the gateway responds by itself. No template is run there, so that a choice among origins cannot be made: any of them may read that it was
 * refused, of which there is nothing to hide.
 */
export function refusalHeaders(cors: CorsProps): Mapped {
  const origin = onlyOrigin(cors) ?? (cors.allowCredentials ? undefined : '*');
  return {
    // Browsers send names in lower case over HTTP/2, and API Gateway looks them up as they came.
    ...(origin === undefined ? { [ALLOW_ORIGIN]: 'method.request.header.origin' } : quoted({ [ALLOW_ORIGIN]: origin })),
    ...sharedHeaders(cors),
    ...quoted({ 'Access-Control-Expose-Headers': cors.exposeHeaders.join(',') }),
  };
}

/**
 * What stands before a response's template to name the origin that asked, if it is one of several; empty where there is but one.
 *
 * Source: Amazon API Gateway Developer Guide, "Override your API's request and response parameters and status codes".
 */
export function originTemplate(cors: CorsProps): string {
  if (onlyOrigin(cors) !== undefined) return '';
  const conditions = cors.allowOrigins.map((origin) =>
    origin.endsWith('*') ? `$origin.startsWith("${origin.slice(0, -1)}")` : `$origin == "${origin}"`,
  );
  return [
    `#set($origin = "$!input.params().header.get('origin')$!input.params().header.get('Origin')")`,
    `#if(${conditions.join(' || ')})#set($context.responseOverride.header.${ALLOW_ORIGIN} = $origin)#end`,
  ].join('');
}

export interface PreflightProps {
  readonly restApiId: string;
  readonly resourceId: string;
  readonly cors: CorsProps;
}

/**
 * `OPTIONS` of one path, by which a browser asks whether a page may send its request: open, without a key and counted by no usage plan; the gateway
 * responds by itself.
 *
 * Source: Amazon API Gateway Developer Guide, "Enable CORS on a resource"; Fetch Standard, "CORS-preflight request".
 */
export class Preflight extends Construct {
  constructor(scope: Construct, id: string, { restApiId, resourceId, cors }: PreflightProps) {
    super(scope, id);
    const method = new ApiGatewayMethod(this, 'method', {
      restApiId,
      resourceId,
      httpMethod: 'OPTIONS',
      authorization: 'NONE',
    });
    const place = { restApiId, resourceId, httpMethod: method.httpMethod };
    const headers: Mapped = {
      ...quoted({
        [ALLOW_ORIGIN]: onlyOrigin(cors),
        'Access-Control-Allow-Methods': cors.allowMethods.join(','),
        'Access-Control-Allow-Headers': cors.allowHeaders.join(','),
        'Access-Control-Max-Age': String(cors.maxAgeSeconds),
      }),
      ...sharedHeaders(cors),
    };
    const { statusCode } = new ApiGatewayMethodResponse(this, 'response-204', {
      ...place,
      statusCode: '204',
      responseParameters: declared(headers),
    });
    const integration = new ApiGatewayIntegration(this, 'integration', {
      ...place,
      type: 'MOCK',
      passthroughBehavior: 'NEVER',
      requestTemplates: { 'application/json': '{"statusCode":204}' },
    });
    const template = originTemplate(cors);
    new ApiGatewayIntegrationResponse(this, 'integration-response-204', {
      ...place,
      statusCode,
      responseParameters: mapped(headers),
      ...(template !== '' && { responseTemplates: { 'application/json': template } }),
      dependsOn: [integration],
    });
  }
}

/** What a method's response declares of its headers. */
export function declared(headers: Mapped): Record<string, boolean> {
  return Object.fromEntries(Object.keys(headers).map((name) => [`method.response.header.${name}`, true]));
}

/** What an integration's response makes of them. */
export function mapped(headers: Mapped): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, value]));
}

/** The value that is the same for whoever asks; undefined where there is a choice. */
function onlyOrigin({ allowOrigins }: CorsProps): string | undefined {
  const [first, ...others] = allowOrigins;
  if (first === '*') return first;
  return others.length === 0 && first?.endsWith('*') === false ? first : undefined;
}

function sharedHeaders(cors: CorsProps): Mapped {
  return quoted({
    'Access-Control-Allow-Credentials': cors.allowCredentials ? 'true' : '',
    Vary: onlyOrigin(cors) === undefined ? 'Origin' : '',
  });
}

/** As literals; empty and missing ones are left out. */
function quoted(headers: Readonly<Record<string, string | undefined>>): Mapped {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value ? [[name, `'${value}'`] as const] : [])),
  );
}
