import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl';
import { Wafv2WebAclLoggingConfiguration } from '@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration';
import { Construct } from 'constructs';

export interface WebAclProps {
  readonly aclName: string;
  /** Requests of one address in five minutes, before it gets 429. */
  readonly requestsPerFiveMinutes: number;
  /** Paths, each as a whole, that the rate does not count: health checkers and canaries ask them. Of every other path an end may be a client's own id. */
  readonly uncountedPaths: readonly [string, ...string[]];
  /** Rules of AWS's common rule set that only count: `SizeRestrictions_BODY` would block bodies above 8 KB. */
  readonly countedRules: readonly string[];
  /** WAF writes to groups whose names start with `aws-waf-logs-` only. */
  readonly logGroupName: string;
  readonly logRetentionDays: number;
  /** Of the log group: ARN of a key of its region. @default - the service's own key */
  readonly logKeyArn?: string | undefined;
  /** Works in us-east-1, and the ACL is for distributions of CloudFront. @default - it is for what is regional, in the stack's own region */
  readonly edgeProvider?: AwsProvider;
  /** What comes through the edge, where each client was counted before. @default - nothing does */
  readonly behindEdge?: BehindEdge;
}

/** By what a region knows the edge. */
export interface BehindEdge {
  /** In small letters. */
  readonly header: string;
  /** The current value, and during a rotation the one before it; else the same twice. */
  readonly values: readonly [current: string, previous: string];
  /** Whether all else is blocked, `uncountedPaths` apart. */
  readonly isOnlyWay: boolean;
}

/** What WAF counts over; it takes 60, 120, 300 and 600 s. */
const WINDOW_SECONDS = 300;

const TOO_MANY = 'too-many-requests';

/** Headers that are secrets. */
const REDACTED = ['authorization', 'x-api-key'];

/**
 * A web ACL of a region: a rate per address, AWS's list of addresses of bad reputation, AWS's common rule set. What it blocks is logged, without keys and
 * signatures. REST stages and load balancers can be associated, HTTP APIs cannot.
 *
 * Source: AWS WAF Developer Guide, "Rate-based rule statement", "AWS Managed Rules rule groups list", "Logging AWS WAF web ACL traffic".
 */
export class WebAcl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const visibility = (metricName: string) => ({
      metricName,
      cloudwatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
    });
    const managed = (name: string, counted: readonly string[] = []) => ({
      managed_rule_group_statement: {
        vendor_name: 'AWS',
        name,
        rule_action_override: counted.map((rule) => ({ name: rule, action_to_use: { count: {} } })),
      },
    });
    const { behindEdge, edgeProvider: provider } = props;
    const counted = allOf([
      ...props.uncountedPaths.map((path) => lacks({ uri_path: {} }, path)),
      ...(behindEdge ? bypassing(behindEdge) : []),
    ]);
    const acl = new Wafv2WebAcl(this, 'acl', {
      ...(provider && { provider }),
      name: props.aclName,
      description: `Before the ${provider ? 'distributions of the APIs' : 'stages of the REST API'}: ${props.requestsPerFiveMinutes} requests per address in 5 minutes, bad addresses, common attacks`,
      scope: provider ? 'CLOUDFRONT' : 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(props.aclName),
      // Without a body of its own the response would have none: a web ACL's response comes before the API's gateway responses.
      customResponseBody: [
        { key: TOO_MANY, contentType: 'APPLICATION_JSON', content: '{"error":"Too Many Requests"}' },
      ],
      // The statements nest without end, so the bindings take them as they are.
      rule: [
        {
          name: 'rate',
          priority: 0,
          action: { block: { customResponse: { responseCode: 429, customResponseBodyKey: TOO_MANY } } },
          statement: {
            rate_based_statement: {
              limit: props.requestsPerFiveMinutes,
              evaluation_window_sec: WINDOW_SECONDS,
              aggregate_key_type: 'IP',
              scope_down_statement: counted,
            },
          },
          visibilityConfig: visibility('rate'),
        },
        {
          name: 'reputation',
          priority: 1,
          overrideAction: { none: {} },
          statement: managed('AWSManagedRulesAmazonIpReputationList'),
          visibilityConfig: visibility('reputation'),
        },
        {
          name: 'common',
          priority: 2,
          overrideAction: { none: {} },
          statement: managed('AWSManagedRulesCommonRuleSet', props.countedRules),
          visibilityConfig: visibility('common'),
        },
        ...(behindEdge?.isOnlyWay
          ? [
              {
                name: 'bypass',
                priority: 3,
                action: { block: {} },
                statement: counted,
                visibilityConfig: visibility('bypass'),
              },
            ]
          : []),
      ],
    });
    const logGroup = new CloudwatchLogGroup(this, 'log', {
      ...(provider && { provider }),
      name: props.logGroupName,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.logKeyArn,
    });
    new Wafv2WebAclLoggingConfiguration(this, 'logging', {
      ...(provider && { provider }),
      resourceArn: acl.arn,
      logDestinationConfigs: [logGroup.arn],
      redactedFields: [...REDACTED, ...(behindEdge ? [behindEdge.header] : [])].map((name) => ({
        singleHeader: { name },
      })),
      loggingFilter: {
        defaultBehavior: 'DROP',
        filter: [
          {
            behavior: 'KEEP',
            requirement: 'MEETS_ANY',
            condition: [{ actionCondition: { action: 'BLOCK' } }],
          },
        ],
      },
    });
    this.arn = acl.arn;
  }
}

/** What does not have the edge's header, with either of its values. */
function bypassing({ header, values }: BehindEdge) {
  return values.map((value) => lacks({ single_header: { name: header } }, value));
}

/** The provider nests statements three deep, so all stand beside each other. Source: AWS WAF API Reference, AndStatement: it takes two at least. */
function allOf(statements: readonly unknown[]): unknown {
  return statements.length > 1 ? { and_statement: { statement: statements } } : statements[0];
}

/** That a part of a request is not exactly this text. */
function lacks(field: unknown, text: string) {
  const match = {
    positional_constraint: 'EXACTLY',
    search_string: text,
    field_to_match: field,
    text_transformation: [{ priority: 0, type: 'NONE' }],
  };
  return { not_statement: { statement: { byte_match_statement: match } } };
}
