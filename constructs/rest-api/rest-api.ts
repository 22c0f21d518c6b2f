import { ApiGatewayAuthorizer } from '@cdktf/provider-aws/lib/api-gateway-authorizer';
import { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api';
import { Construct } from 'constructs';
import { pathId, routeId } from '#constructs/source-arn.ts';
import {
  AUTHORIZER_DEFAULTS,
  type Authorizer,
  authorizersOf,
  type FunctionName,
  type Operation,
} from '#contract/operation.ts';
import { type CorsProps, Preflight } from './cors.ts';
import { Documentation } from './documentation.ts';
import { GatewayResponses } from './gateway-responses.ts';
import { Models } from './models.ts';
import { RequestValidators } from './request-validators.ts';
import { ResourceTree } from './resource-tree.ts';
import { RestMethod } from './rest-method.ts';

export interface RestApiProps {
  readonly apiName: string;
  readonly description: string;
  /** The operations of kind `rest`. */
  readonly operations: readonly Operation[];
  /** The API answers at its domains only. @default false */
  readonly closesExecuteApi?: boolean;
  /** Integration URI of an operation's function. */
  readonly integrationUri: (operation: Pick<Operation, 'function'>) => string;
  readonly cors: CorsProps;
}

/** A regional REST API whose routes are the contract's operations. It is deployed by {@link RestEnvironment}, once per environment. */
export class RestApi extends Construct {
  readonly restApiId: string;
  readonly executionArn: string;
  readonly operations: readonly Operation[];
  /** By their functions: what the invoke permission of each is limited to. */
  readonly authorizerArns: ReadonlyMap<FunctionName, string>;

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    const binary = binaryMediaTypes(props.operations);
    const api = new ApiGatewayRestApi(this, 'api', {
      name: props.apiName,
      description: props.description,
      endpointConfiguration: { types: ['REGIONAL'] },
      disableExecuteApiEndpoint: props.closesExecuteApi === true,
      ...(binary.length > 0 && { binaryMediaTypes: binary }),
    });
    this.restApiId = api.id;
    this.executionArn = api.executionArn;
    this.operations = props.operations;
    const resources = new ResourceTree(this, api);
    const models = new Models(this, 'models', { restApiId: api.id });
    const validators = new RequestValidators(this, 'validators', { restApiId: api.id });
    new GatewayResponses(this, 'gateway-responses', { restApiId: api.id, cors: props.cors });
    new Documentation(this, 'documentation', {
      restApiId: api.id,
      description: props.description,
      operations: props.operations,
    });
    const authorizers = new Map(
      authorizersOf(props.operations).map((authorizer) => [
        authorizer.function,
        addAuthorizer(this, api, authorizer, props.integrationUri(authorizer)),
      ]),
    );
    this.authorizerArns = new Map(
      [...authorizers].map(([name, { id: authorizerId }]) => [name, `${api.executionArn}/authorizers/${authorizerId}`]),
    );
    for (const operation of props.operations) {
      new RestMethod(this, routeId(operation), {
        restApiId: api.id,
        resourceId: resources.resourceId(operation.path),
        operation,
        integrationUri: props.integrationUri(operation),
        authorizerId: authorizers.get(operation.authorizer?.function ?? '')?.id,
        models,
        validators,
        cors: props.cors,
      });
    }
    for (const path of new Set(props.operations.map((operation) => operation.path))) {
      new Preflight(this, `OPTIONS${pathId(path)}`, {
        restApiId: api.id,
        resourceId: resources.resourceId(path),
        cors: props.cors,
      });
    }
  }
}

function addAuthorizer(
  scope: Construct,
  api: ApiGatewayRestApi,
  authorizer: Authorizer,
  authorizerUri: string,
): ApiGatewayAuthorizer {
  const { function: name, identitySources, ttlSeconds = AUTHORIZER_DEFAULTS.ttlSeconds } = authorizer;
  const sources = identitySources ?? [`header.${authorizer.header ?? AUTHORIZER_DEFAULTS.header}`];
  return new ApiGatewayAuthorizer(scope, `authorizer-${name}`, {
    restApiId: api.id,
    name,
    type: identitySources === undefined ? 'TOKEN' : 'REQUEST',
    authorizerUri,
    identitySource: sources.map((source) => `method.request.${source}`).join(','),
    authorizerResultTtlInSeconds: ttlSeconds,
    // A method that asks it no longer is changed before it goes: API Gateway keeps one that is referred to.
    lifecycle: { createBeforeDestroy: true },
  });
}

/**
 * Media types whose bytes a REST API hands through instead of reading them as UTF-8.
 *
 * Source: Amazon API Gateway Developer Guide, "Binary media types for REST APIs in API Gateway".
 */
function binaryMediaTypes(operations: readonly Operation[]): string[] {
  const types = operations.flatMap(({ request, responses }) => [request, ...Object.values(responses)]);
  return [...new Set(types.flatMap(({ mediaType }) => mediaType ?? []))]
    .filter((type) => !type.startsWith('text/'))
    .sort();
}
