import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { arn, type ComputedAttributesTable, type ComputeInput, requiredText } from './computed-attributes.ts';

function parameterArn(input: ComputeInput): string {
  return arn('ssm', input, `parameter/${requiredText(input.values, 'name').replace(/^\//, '')}`);
}

export const ssmResources: ComputedAttributesTable = {
  aws_ssm_parameter: (input) => ({
    id: requiredText(input.values, 'name'),
    arn: parameterArn(input),
    version: 1,
    ...(typeof input.values.insecure_value === 'string' ? { value: input.values.insecure_value } : {}),
  }),
};

export const ssmData: ComputedAttributesTable = {
  aws_ssm_parameter: (input) => {
    const name = requiredText(input.values, 'name');
    const value = input.parameter(input.region, name);
    if (value === undefined) throw new ExpressionError(`there is no parameter ${name} in ${input.region}`);
    return { id: name, arn: parameterArn(input), value, insecure_value: value, type: 'SecureString', version: 1 };
  },
  // Every evaluation is a first apply: nothing was written before.
  aws_ssm_parameters_by_path: ({ values }) => ({
    id: requiredText(values, 'path'),
    arns: [],
    names: [],
    types: [],
    values: [],
  }),
};
