import { ApiGatewayApiKey } from '@cdktf/provider-aws/lib/api-gateway-api-key';
import { ApiGatewayUsagePlan } from '@cdktf/provider-aws/lib/api-gateway-usage-plan';
import { ApiGatewayUsagePlanKey } from '@cdktf/provider-aws/lib/api-gateway-usage-plan-key';
import { Fn, TerraformIterator, Token } from 'cdktf';
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
  /** Name of the usage plan, and what the names of its keys start with. */
  readonly name: string;
  /** Values that are admitted, separated by commas, each of 20 to 128 characters; the same in both regions. */
  readonly keyValues: string;
  readonly restApiId: string;
  readonly stageNames: readonly string[];
  readonly limits: UsageLimits;
}

const FINGERPRINT_DIGITS = 8;

/**
 * A usage plan, and an API key for each value that it admits to one or more stages. A key is named by the first digits of its value's SHA-256:
 * adding a value touches no other key, so clients of the old one notice nothing of a rotation.
 */
export class ApiAccess extends Construct {
  constructor(scope: Construct, id: string, props: ApiAccessProps) {
    super(scope, id);
    const values = TerraformIterator.fromList(Fn.split(',', props.keyValues));
    const fingerprints = Token.asList(values.forExpressionForList(`substr(sha256(val), 0, ${FINGERPRINT_DIGITS})`));
    // A set has one order: both lists are in it.
    const byFingerprint = Fn.zipmap(fingerprints, Token.asList(values.forExpressionForList('val')));
    // They name resources, and Terraform shows names.
    const keys = TerraformIterator.fromList(Token.asList(Fn.nonsensitive(fingerprints)));
    const plan = new ApiGatewayUsagePlan(this, 'usage-plan', {
      name: props.name,
      apiStages: props.stageNames.map((stage) => ({ apiId: props.restApiId, stage })),
      throttleSettings: { rateLimit: props.limits.rateLimit, burstLimit: props.limits.burstLimit },
      quotaSettings: { limit: props.limits.quota.limit, period: props.limits.quota.period },
    });
    const key = new ApiGatewayApiKey(this, 'key', {
      forEach: keys,
      name: `${props.name}-${keys.value}`,
      value: Token.asString(Fn.lookup(byFingerprint, keys.value)),
    });
    new ApiGatewayUsagePlanKey(this, 'usage-plan-key', {
      forEach: keys,
      keyId: Token.asString(Fn.lookupNested(key, [keys.value, 'id'])),
      keyType: 'API_KEY',
      usagePlanId: plan.id,
    });
  }
}
