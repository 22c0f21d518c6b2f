import { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { Apigatewayv2Authorizer } from '@cdktf/provider-aws/lib/apigatewayv2-authorizer';
import { Apigatewayv2Integration } from '@cdktf/provider-aws/lib/apigatewayv2-integration';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import type { CorsProps } from '#constructs/rest-api/cors.ts';
import { routeId } from '#constructs/source-arn.ts';
import type { Operation } from '#contract/operation.ts';

export interface HttpApiProps {
  readonly apiName: string;
  readonly description: string;
  /** The operations of kind `http`; each is a route. */
  readonly operations: readonly Operation[];
  /** The API answers at its domains only. @default false */
  readonly closesExecuteApi?: boolean;
  /** Integration URI of an operation's function. */
  readonly integrationUri: (operation: Operation) => string;
  readonly cors: CorsProps;
  /** Asked only where an operation wants tokens. */
  readonly tokens: () => TokenProps;
}

/** Whose tokens are taken. */
export interface TokenProps {
  /** An https URL whose `/.well-known/openid-configuration` names the keys. */
  readonly issuer: string;
  /** Names, separated by commas. */
  readonly audience: string;
}

/**
 * An HTTP API whose routes are the contract's operations, payload format 2.0. It is deployed by {@link HttpEnvironment}, once per
 * environment: automatic deployment would change all of them at once.
 */
export class HttpApi extends Construct {
  readonly apiId: string;
  readonly executionArn: string;
  readonly operations: readonly Operation[];
  /** Undefined: no route wants a token. */
  readonly tokens: TokenProps | undefined;

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    const { cors } = props;
    const api = new Apigatewayv2Api(this, 'api', {
      name: props.apiName,
      description: props.description,
      protocolType: 'HTTP',
      disableExecuteApiEndpoint: props.closesExecuteApi === true,
      corsConfiguration: {
        allowOrigins: [...cors.allowOrigins],
        allowMethods: [...cors.allowMethods],
        allowHeaders: [...cors.allowHeaders],
        exposeHeaders: [...cors.exposeHeaders],
        allowCredentials: cors.allowCredentials,
        maxAge: cors.maxAgeSeconds,
      },
    });
    this.apiId = api.id;
    this.executionArn = api.executionArn;
    this.operations = props.operations;
    const isForTokens = props.operations.some(({ auth }) => auth === 'jwt');
    this.tokens = isForTokens ? props.tokens() : undefined;
    const authorizer = this.tokens && addAuthorizer(this, api, this.tokens);
    const integrations = new Map<string, Apigatewayv2Integration>();
    for (const operation of props.operations) {
      const integration =
        integrations.get(operation.function) ??
        new Apigatewayv2Integration(this, `integration-${operation.function}`, {
          apiId: api.id,
          integrationType: 'AWS_PROXY',
          integrationMethod: 'POST',
          integrationUri: props.integrationUri(operation),
          payloadFormatVersion: '2.0',
        });
      integrations.set(operation.function, integration);
      new Apigatewayv2Route(this, `route-${routeId(operation)}`, {
        apiId: api.id,
        routeKey: `${operation.method} ${operation.path}`,
        operationName: operation.id,
        ...(operation.auth === 'jwt' && authorizer
          ? {
              authorizationType: 'JWT',
              authorizerId: authorizer.id,
              ...(operation.scopes && { authorizationScopes: [...operation.scopes] }),
            }
          : { authorizationType: operation.auth === 'iam' ? 'AWS_IAM' : 'NONE' }),
        target: `integrations/${integration.id}`,
      });
    }
  }
}

function addAuthorizer(
  scope: Construct,
  api: Apigatewayv2Api,
  { issuer, audience }: TokenProps,
): Apigatewayv2Authorizer {
  return new Apigatewayv2Authorizer(scope, 'jwt', {
    apiId: api.id,
    name: 'jwt',
    authorizerType: 'JWT',
    identitySources: ['$request.header.Authorization'],
    jwtConfiguration: { issuer, audience: Fn.split(',', audience) },
    // A route that asks for tokens no longer is changed before the authorizer goes: API Gateway keeps one that is referred to.
    lifecycle: { createBeforeDestroy: true },
  });
}
