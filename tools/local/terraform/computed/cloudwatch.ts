import {
  type Attributes,
  arn,
  type ComputedAttributesTable,
  type ComputeInput,
  nameOf,
  requiredText,
  uuid,
} from './computed-attributes.ts';

export const cloudwatchResources: ComputedAttributesTable = {
  aws_cloudwatch_log_group: (input) => {
    const name = nameOf(input);
    return { id: name, name, arn: arn('logs', input, `log-group:${name}`) };
  },
  aws_cloudwatch_metric_alarm: alarm,
  aws_cloudwatch_composite_alarm: alarm,
  aws_cloudwatch_event_rule: (input) => {
    const name = nameOf(input);
    return { id: name, name, arn: arn('events', input, `rule/${name}`), event_bus_name: 'default' };
  },
  aws_cloudwatch_event_target: (input) => ({ id: uuid(input), target_id: uuid(input), event_bus_name: 'default' }),
  aws_cloudwatch_dashboard: (input) => {
    const name = requiredText(input.values, 'dashboard_name');
    return { id: name, dashboard_arn: `${arn('cloudwatch', { ...input, region: '' }, `dashboard/${name}`)}` };
  },
};

function alarm(input: ComputeInput): Attributes {
  const name = requiredText(input.values, 'alarm_name');
  return { id: name, arn: arn('cloudwatch', input, `alarm:${name}`) };
}
