import { createHash } from 'node:crypto';
import { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api';
import { DefaultTokenResolver, Lazy, StringConcat, TerraformResource, Tokenization } from 'cdktf';
import { Construct } from 'constructs';
import type { Operation } from '../../functions/contract/operation.ts';
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
  /** Integration URI of an operation's function. */
  readonly integrationUri: (operation: Operation) => string;
}

/** A regional REST API whose routes are the contract's operations. It is deployed by {@link RestEnvironment}, once per environment. */
export class RestApi extends Construct {
  readonly restApiId: string;
  readonly executionArn: string;
  readonly operations: readonly Operation[];

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    const api = new ApiGatewayRestApi(this, 'api', {
      name: props.apiName,
      description: props.description,
      endpointConfiguration: { types: ['REGIONAL'] },
    });
    this.restApiId = api.id;
    this.executionArn = api.executionArn;
    this.operations = props.operations;
    const resources = new ResourceTree(this, api);
    const models = new Models(this, 'models', { restApiId: api.id });
    const validators = new RequestValidators(this, 'validators', { restApiId: api.id });
    new GatewayResponses(this, 'gateway-responses', { restApiId: api.id });
    new Documentation(this, 'documentation', {
      restApiId: api.id,
      description: props.description,
      operations: props.operations,
    });
    for (const operation of props.operations) {
      new RestMethod(this, operation.id, {
        restApiId: api.id,
        resourceId: resources.resourceId(operation.path),
        operation,
        integrationUri: props.integrationUri(operation),
        models,
        validators,
      });
    }
  }

  /** The ARN that an operation's requests carry on a stage, path parameters as wildcards: what an invoke permission is limited to. */
  sourceArn(stage: string, operation: Operation): string {
    return `${this.executionArn}/${stage}/${operation.method}${operation.path.replaceAll(/\{[^}]+\}/g, '*')}`;
  }

  /**
   * SHA-256 of everything that a deployment takes a snapshot of. It changes when, and only when, a part of the API does: what Terraform
   * would write for it, with references by name, is what is hashed.
   */
  get contentHash(): string {
    return Lazy.stringValue({ produce: () => this.#hash() });
  }

  /** The first 12 digits of the hash, for names. */
  get contentVersion(): string {
    return Lazy.stringValue({ produce: () => this.#hash().slice(0, 12) });
  }

  #hash(): string {
    const parts = this.node.findAll().filter((part) => TerraformResource.isTerraformResource(part));
    const resolver = new DefaultTokenResolver(new StringConcat());
    const content = parts.map((part) =>
      Tokenization.resolve(part.toTerraform(), { scope: this, resolver, preparing: false }),
    );
    return createHash('sha256').update(JSON.stringify(content)).digest('hex');
  }
}
