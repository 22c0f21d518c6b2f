import { isJsonList } from '#local/terraform/expression/value/json.ts';
import type { Json } from '#local/terraform/expression/value/value.ts';
import {
  type Attributes,
  arn,
  type ComputedAttributesTable,
  type ComputeInput,
  requiredText,
} from './computed-attributes.ts';

const streamLabel = '2020-01-01T00:00:00.000';

export const dynamodbResources: ComputedAttributesTable = {
  aws_dynamodb_table: (input) => ({
    id: requiredText(input.values, 'name'),
    ...regional(input),
    ...(input.values.replica === undefined ? {} : { replica: replicas(input) }),
  }),
};

/** What each region's table has of its own. */
function regional(input: ComputeInput): Attributes {
  const itsArn = arn('dynamodb', input, `table/${requiredText(input.values, 'name')}`);
  const streams = input.values.stream_enabled === true || input.values.replica !== undefined;
  return {
    arn: itsArn,
    stream_arn: streams ? `${itsArn}/stream/${streamLabel}` : '',
    stream_label: streams ? streamLabel : '',
  };
}

function replicas(input: ComputeInput): Json {
  const { replica = [] } = input.values;
  return (isJsonList(replica) ? replica : [replica]).map((block) => {
    if (block === null || typeof block !== 'object' || isJsonList(block)) return block;
    return { ...block, ...regional({ ...input, region: requiredText(block, 'region_name') }) };
  });
}
