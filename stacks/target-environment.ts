import { Fn, type TerraformStack, TerraformVariable } from 'cdktf';
import type { StageContext } from './context.ts';

/**
 * The variable `target_env`: the environment that the public name leads to. It has no default, so that no apply can move live traffic
 * by accident.
 *
 * @returns a token of the environment's name
 */
export function targetEnvironment(stack: TerraformStack, { settings }: StageContext): string {
  const variable = new TerraformVariable(stack, 'target_env', {
    type: 'string',
    nullable: false,
    description: `Environment that receives live traffic: ${settings.apiEnvironments.join(' or ')}.`,
  });
  variable.addValidation({
    condition: Fn.contains([...settings.apiEnvironments], variable.value),
    errorMessage: `target_env must be one of ${settings.apiEnvironments.join(', ')}.`,
  });
  return variable.stringValue;
}
