import type { EvaluatedResource } from '#local/terraform/evaluation.ts';
import { accountData } from './account.ts';
import { acmData, acmResources } from './acm.ts';
import { apiGatewayResources } from './api-gateway.ts';
import { apiGatewayV2Resources } from './apigatewayv2.ts';
import { archiveData } from './archive.ts';
import { cloudfrontResources } from './cloudfront.ts';
import { cloudwatchResources } from './cloudwatch.ts';
import type { ComputeAttributes, ComputedAttributesTable } from './computed-attributes.ts';
import { dynamodbResources } from './dynamodb.ts';
import { iamData, iamResources } from './iam.ts';
import { kmsResources } from './kms.ts';
import { lambdaResources } from './lambda.ts';
import { route53Data, route53Resources } from './route53.ts';
import { s3Resources } from './s3.ts';
import { snsResources } from './sns.ts';
import { ssmData, ssmResources } from './ssm.ts';
import { wafResources } from './waf.ts';

const tables: Readonly<Record<EvaluatedResource['mode'], ComputedAttributesTable>> = {
  data: { ...accountData, ...acmData, ...archiveData, ...iamData, ...route53Data, ...ssmData },
  managed: {
    ...acmResources,
    ...apiGatewayResources,
    ...apiGatewayV2Resources,
    ...cloudfrontResources,
    ...cloudwatchResources,
    ...dynamodbResources,
    ...iamResources,
    ...kmsResources,
    ...lambdaResources,
    ...route53Resources,
    ...s3Resources,
    ...snsResources,
    ...ssmResources,
    ...wafResources,
  },
};

/** @returns undefined for a type that the runtime knows nothing of */
export function computedAttributes(mode: EvaluatedResource['mode'], type: string): ComputeAttributes | undefined {
  const table = tables[mode];
  return Object.hasOwn(table, type) ? table[type] : undefined;
}
