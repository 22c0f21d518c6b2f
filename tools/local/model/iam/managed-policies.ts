import type { PolicyStatement } from '#local/model/model.ts';

const writeLogs: PolicyStatement = {
  effect: 'Allow',
  actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  resources: ['*'],
};

/** Policies that AWS manages, as far as stacks attach them. Source: AWS Managed Policy Reference Guide. */
export const managedPolicies: Readonly<Record<string, readonly PolicyStatement[]>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': [writeLogs],
  'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs': [
    {
      effect: 'Allow',
      actions: [
        ...writeLogs.actions,
        'logs:DescribeLogGroups',
        'logs:DescribeLogStreams',
        'logs:GetLogEvents',
        'logs:FilterLogEvents',
      ],
      resources: ['*'],
    },
  ],
  'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess': [
    {
      effect: 'Allow',
      actions: [
        'xray:PutTraceSegments',
        'xray:PutTelemetryRecords',
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:GetSamplingStatisticSummaries',
      ],
      resources: ['*'],
    },
  ],
};
