import { ApiGatewayRequestValidator } from '@cdktf/provider-aws/lib/api-gateway-request-validator';
import { Construct } from 'constructs';
import type { Operation } from '#contract/operation.ts';

/** What the gateway checks before it invokes: body, parameters, both, or nothing. */
export type Validation = 'all' | 'body' | 'none' | 'params';

/** What an operation's contract gives the gateway to check. */
export function validationOf({ request }: Operation): Validation {
  const parameters =
    request.pathParameters !== undefined || request.query !== undefined || request.headers !== undefined;
  if (request.body !== undefined) return parameters ? 'all' : 'body';
  return parameters ? 'params' : 'none';
}

/** The API's request validators, one of each kind, made as methods ask for them. */
export class RequestValidators extends Construct {
  readonly #ids = new Map<Validation, string>();
  readonly #restApiId: string;

  constructor(scope: Construct, id: string, { restApiId }: { readonly restApiId: string }) {
    super(scope, id);
    this.#restApiId = restApiId;
  }

  /** @returns a token of the validator's id; undefined where there is nothing to check */
  validatorId(validation: Validation): string | undefined {
    if (validation === 'none') return undefined;
    const known = this.#ids.get(validation);
    if (known !== undefined) return known;
    const { id } = new ApiGatewayRequestValidator(this, validation, {
      restApiId: this.#restApiId,
      name: validation,
      validateRequestBody: validation !== 'params',
      validateRequestParameters: validation !== 'body',
    });
    this.#ids.set(validation, id);
    return id;
  }
}
