import { z } from 'zod';
import type { LambdaFunction, Schedule } from './model.ts';
import type { ResourceReader } from './resource-reader.ts';

const rule = z.object({
  name: z.string(),
  arn: z.string(),
  schedule_expression: z.string().optional(),
  state: z.string().default('ENABLED'),
});

const target = z.object({ rule: z.string(), arn: z.string() });

const UNITS: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };

/**
 * Rules of EventBridge that invoke functions at a rate. Those with a pattern, with `cron(…)`, or that nobody may be invoked by are listed.
 *
 * Source: Amazon EventBridge User Guide, "Schedule patterns"; AWS Lambda Developer Guide, "Invoke a Lambda function on a schedule".
 */
export function readSchedules(
  reader: ResourceReader,
  functions: readonly (LambdaFunction & { readonly region: string })[],
): readonly (Schedule & { readonly region: string })[] {
  const targets = reader.managed('aws_cloudwatch_event_target', target);
  return reader.managed('aws_cloudwatch_event_rule', rule).flatMap((resource) => {
    const { values, region } = resource;
    const rateMinutes = minutesOf(values.schedule_expression);
    if (rateMinutes === undefined) {
      reader.leaveUnserved(resource, 'aws_cloudwatch_event_rule without a rate');
      return [];
    }
    const invoked = targets.filter((each) => each.region === region && each.values.rule === values.name);
    return invoked.flatMap((each) => {
      const fn = functions.find(({ arn }) => arn === each.values.arn);
      const isAllowed = fn?.permissions.some(
        ({ principal, qualifier, sourceArn }) =>
          principal === 'events.amazonaws.com' &&
          qualifier === undefined &&
          [undefined, values.arn].includes(sourceArn),
      );
      if (fn === undefined || !isAllowed) {
        reader.leaveUnserved(each, 'aws_cloudwatch_event_target without a function that it may invoke');
        return [];
      }
      return values.state === 'DISABLED' ? [] : [{ region, ruleArn: values.arn, functionName: fn.name, rateMinutes }];
    });
  });
}

function minutesOf(expression: string | undefined): number | undefined {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression ?? '') ?? [];
  const minutes = UNITS[unit];
  return minutes === undefined ? undefined : Number(count) * minutes;
}
