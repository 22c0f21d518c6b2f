import { ApiGatewayApiKey } from '@cdktf/provider-aws/lib/api-gateway-api-key';
import { ApiGatewayUsagePlan } from '@cdktf/provider-aws/lib/api-gateway-usage-plan';
import { ApiGatewayUsagePlanKey } from '@cdktf/provider-aws/lib/api-gateway-usage-plan-key';
import { Construct } from 'constructs';

/** How much the holder of a key may call. API Gateway counts in each region by itself. */
export interface UsageLimits {
  /** Steady rate, requests a second. */
  readonly rateLimit: number;
  /** Requests that may come at once. */
  readonly burstLimit: number;
  readonly quota: { readonly limit: number; readonly period: 'DAY' | 'MONTH' | 'WEEK' };
}

export interface ApiAccessProps {
  /** Name of the key and of the usage plan. */
  readonly name: string;
  /** 20 to 128 characters; the same in both regions. */
  readonly keyValue: string;
  readonly restApiId: string;
  readonly stageNames: readonly string[];
  readonly limits: UsageLimits;
}

/** An API key and the usage plan that admits it to one or more stages. */
export class ApiAccess extends Construct {
  constructor(scope: Construct, id: string, props: ApiAccessProps) {
    super(scope, id);
    const key = new ApiGatewayApiKey(this, 'key', { name: props.name, value: props.keyValue });
    const plan = new ApiGatewayUsagePlan(this, 'usage-plan', {
      name: props.name,
      apiStages: props.stageNames.map((stage) => ({ apiId: props.restApiId, stage })),
      throttleSettings: { rateLimit: props.limits.rateLimit, burstLimit: props.limits.burstLimit },
      quotaSettings: { limit: props.limits.quota.limit, period: props.limits.quota.period },
    });
    new ApiGatewayUsagePlanKey(this, 'usage-plan-key', { keyId: key.id, keyType: 'API_KEY', usagePlanId: plan.id });
  }
}
