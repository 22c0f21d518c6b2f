import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter';
import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { TokenProps } from '#constructs/http-api/http-api.ts';
import type { StageContext } from './context.ts';
import { parameterPath } from './naming.ts';
import { type ParameterName, parameterCatalogue } from './settings/parameters.ts';

/**
 * A parameter of the stage, read from SSM Parameter Store of the stack's own region when Terraform plans: nothing generated can go
 * stale, and no regional plan needs the other region.
 *
 * @param name - one of the settings' `PARAMETERS`
 * @returns a token of the value; Terraform hides it in plans only if the catalogue calls it a secret
 */
export function stageParameter(scope: Construct, context: StageContext, name: ParameterName): string {
  const id = `parameter-${name}`;
  const existing = scope.node.tryFindChild(id);
  const parameter =
    existing instanceof DataAwsSsmParameter
      ? existing
      : new DataAwsSsmParameter(scope, id, { name: parameterPath(context, name), withDecryption: true });
  return parameterCatalogue[name]?.secret ? parameter.value : Token.asString(Fn.nonsensitive(parameter.value));
}

/** Whose tokens a stage takes. */
export function stageTokens(scope: Construct, context: StageContext): TokenProps {
  return {
    issuer: stageParameter(scope, context, 'jwt_issuer'),
    audience: stageParameter(scope, context, 'jwt_audience'),
  };
}

/**
 * What the edge sends along so that the regions know it.
 *
 * @returns tokens of the current value and, during a rotation, of the one before it; else of the same twice
 */
export function edgeSecrets(scope: Construct, context: StageContext): readonly [current: string, previous: string] {
  const values = Fn.split(',', stageParameter(scope, context, 'edge_secret'));
  return [Token.asString(Fn.element(values, 0)), Token.asString(Fn.element(Fn.reverse(values), 0))];
}
