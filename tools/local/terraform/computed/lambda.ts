import { partitionOf } from '#stacks/settings/partitions.ts';
import { arn, type ComputedAttributesTable, type ComputeInput, requiredText, uuid } from './computed-attributes.ts';

/** Source: Amazon API Gateway, "Integration" (`uri`): the path of a Lambda function. */
function invokeArn(region: string, functionArn: string): string {
  return `arn:${partitionOf(region)}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

/** ARN of the function that `function_name` means: it takes a name or an ARN. */
function functionArn(input: ComputeInput): string {
  const name = requiredText(input.values, 'function_name');
  return name.startsWith('arn:') ? name : arn('lambda', input, `function:${name}`);
}

export const lambdaResources: ComputedAttributesTable = {
  // Every evaluation is a first apply: a function that publishes has version 1.
  aws_lambda_function: (input) => {
    const itsArn = functionArn(input);
    const version = input.values.publish === true ? '1' : '$LATEST';
    const qualifiedArn = `${itsArn}:${version}`;
    return {
      id: requiredText(input.values, 'function_name'),
      arn: itsArn,
      version,
      qualified_arn: qualifiedArn,
      invoke_arn: invokeArn(input.region, itsArn),
      qualified_invoke_arn: invokeArn(input.region, qualifiedArn),
    };
  },
  aws_lambda_alias: (input) => {
    const itsArn = `${functionArn(input)}:${requiredText(input.values, 'name')}`;
    return { id: itsArn, arn: itsArn, invoke_arn: invokeArn(input.region, itsArn) };
  },
  aws_lambda_permission: (input) => {
    const statement = typeof input.values.statement_id === 'string' ? input.values.statement_id : uuid(input);
    return { id: statement, statement_id: statement };
  },
  aws_lambda_event_source_mapping: (input) => ({
    id: uuid(input),
    uuid: uuid(input),
    function_arn: functionArn(input),
  }),
};
