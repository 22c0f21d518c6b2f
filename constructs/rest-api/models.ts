import { ApiGatewayModel } from '@cdktf/provider-aws/lib/api-gateway-model';
import { Construct } from 'constructs';
import type { $ZodType } from 'zod/v4/core';
import { jsonSchema } from '#contract/json-schema.ts';
import type { Operation } from '#contract/operation.ts';
import { errorBody } from '#contract/response.ts';

/**
 * The API's models, made from the contract's schemas as methods ask for them: one per request and response body, one for all errors.
 *
 * Source: Amazon API Gateway Developer Guide, "Data models for REST APIs" (JSON Schema draft 4).
 */
export class Models extends Construct {
  readonly #names = new Map<string, string>();
  readonly #restApiId: string;

  constructor(scope: Construct, id: string, { restApiId }: { readonly restApiId: string }) {
    super(scope, id);
    this.#restApiId = restApiId;
  }

  /** @returns a token of the model's name */
  request(operation: Operation, schema: $ZodType): string {
    return this.#model(`${pascalCase(operation.id)}Request`, schema, `Body of ${operation.method} ${operation.path}`);
  }

  /** @returns a token of the model's name */
  response(operation: Operation, status: string, schema: $ZodType): string {
    if (schema === errorBody) return this.#model('ErrorResponse', schema, 'Body of every error');
    const description = `Body of ${operation.method} ${operation.path}, status ${status}`;
    return this.#model(`${pascalCase(operation.id)}Response${status}`, schema, description);
  }

  #model(name: string, schema: $ZodType, description: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const model = new ApiGatewayModel(this, name, {
      restApiId: this.#restApiId,
      name,
      description,
      contentType: 'application/json',
      schema: JSON.stringify(jsonSchema(schema, 'draft-04')),
    });
    this.#names.set(name, model.name);
    return model.name;
  }
}

/** Names of models are letters and digits only. */
function pascalCase(id: string): string {
  return id.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
