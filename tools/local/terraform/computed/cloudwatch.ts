import { arn, type ComputedAttributesTable, nameOf, requiredText } from './computed-attributes.ts';

export const cloudwatchResources: ComputedAttributesTable = {
  aws_cloudwatch_log_group: (input) => {
    const name = nameOf(input);
    return { id: name, name, arn: arn('logs', input, `log-group:${name}`) };
  },
  aws_cloudwatch_metric_alarm: (input) => {
    const name = requiredText(input.values, 'alarm_name');
    return { id: name, arn: arn('cloudwatch', input, `alarm:${name}`) };
  },
};
