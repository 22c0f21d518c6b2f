import * as z from 'zod/mini';
import type { Rule } from '#operator/lint/rule.ts';
import { edgeCoverage } from './edge.ts';

const associationSchema = z.object({ resource_arn: z.string() });
const restStageSchema = z.object({ rest_api_id: z.string(), stage_name: z.string() });
const methodSettingsSchema = z.object({
  rest_api_id: z.string(),
  stage_name: z.string(),
  settings: z.object({
    throttling_rate_limit: z._default(z.number(), -1),
    throttling_burst_limit: z._default(z.number(), -1),
  }),
});
const httpApiSchema = z.object({ id: z.string(), name: z.string(), protocol_type: z.literal('HTTP') });
const httpStageSchema = z.object({
  name: z.string(),
  default_route_settings: z.optional(
    z.object({ throttling_rate_limit: z._default(z.number(), 0), throttling_burst_limit: z._default(z.number(), 0) }),
  ),
});
/** Source: Amazon API Gateway Developer Guide, "Control access to HTTP APIs with JWT authorizers in API Gateway", note. */
const tokenRouteSchema = z.object({
  route_key: z.string(),
  authorization_type: z.literal('JWT'),
  authorization_scopes: z._default(z.array(z.string()), []),
});
const logSchema = z.object({ name: z.string(), retention_in_days: z._default(z.number(), 0) });
const functionSchema = z.object({ function_name: z.string() });
const alarmSchema = z.object({
  alarm_name: z.string(),
  alarm_actions: z._default(z.array(z.string()), []),
  actions_enabled: z._default(z.boolean(), true),
  alarm_rule: z._default(z.string(), ''),
});

/** What stands between the public and the account, and who hears of it. */
export const GUARD_RULES: readonly Rule[] = [
  {
    id: 'waf-coverage',
    title: 'A firewall stands before every public API.',
    why: 'Without one a single address can use up what the account serves in a region.',
    find: (stage) => {
      const covered = stage
        .of('aws_wafv2_web_acl_association', associationSchema)
        .map(({ values }) => values.resource_arn);
      const rest = stage
        .of('aws_api_gateway_stage', restStageSchema)
        .filter(({ values: { rest_api_id: id, stage_name: name } }) => {
          return !covered.some((arn) => arn.endsWith(`/restapis/${id}/stages/${name}`));
        })
        .map((bare) => ({
          ...bare,
          found: 'No web ACL is associated with the stage.',
          fix: "Associate the region's web ACL with it.",
        }));
      const { bare, apiIds } = edgeCoverage(stage);
      const http = stage.of('aws_apigatewayv2_api', httpApiSchema).map((api) => ({
        ...api,
        found: apiIds.includes(api.values.id)
          ? `${api.values.name} is an HTTP API, and has a firewall at the edge alone: who knows a region's name comes past it.`
          : `${api.values.name} is an HTTP API, which AWS WAF cannot stand before.`,
        fix: 'Put CloudFront with a web ACL before it (EDGE), and let every route want a signature and have a limit, and say so in LINT_ALLOW.',
      }));
      const edge = bare.map((distribution) => ({
        ...distribution,
        found: 'The distribution has no web ACL.',
        fix: 'Give it the web_acl_id of one with the scope CLOUDFRONT.',
      }));
      return [...rest, ...http, ...edge];
    },
  },
  {
    id: 'tokens-without-scopes',
    title: 'A route that takes tokens asks for scopes.',
    why: 'Nothing else tells an access token from an ID token of the same issuer, which is made to be shown around.',
    find: (stage) =>
      stage
        .of('aws_apigatewayv2_route', tokenRouteSchema)
        .filter(({ values }) => values.authorization_scopes.length === 0)
        .map((route) => ({
          ...route,
          found: `${route.values.route_key} takes every token of the issuer for the audience.`,
          fix: 'Name `scopes` in the contract of the operation, of which a token must have one.',
        })),
  },
  {
    id: 'open-route-limit',
    title: 'Every stage of an API limits each of its routes.',
    why: 'A route without a limit takes what the account has: its other routes and APIs get 429.',
    find: (stage) => {
      const limited = stage
        .of('aws_api_gateway_method_settings', methodSettingsSchema)
        .filter(({ values: { settings } }) => settings.throttling_rate_limit > 0 && settings.throttling_burst_limit > 0)
        .map(({ values }) => `${values.rest_api_id}/${values.stage_name}`);
      const rest = stage
        .of('aws_api_gateway_stage', restStageSchema)
        .filter(({ values }) => !limited.includes(`${values.rest_api_id}/${values.stage_name}`));
      const http = stage
        .of('aws_apigatewayv2_stage', httpStageSchema)
        .filter(({ values: { default_route_settings: all } }) => {
          return !all || all.throttling_rate_limit <= 0 || all.throttling_burst_limit <= 0;
        });
      return [...rest, ...http].map((open) => ({
        ...open,
        found: 'Routes of the stage have no limit of their own.',
        fix: 'Give it throttling_rate_limit and throttling_burst_limit: ROUTE_RATE_LIMIT and ROUTE_BURST_LIMIT of settings.conf.',
      }));
    },
  },
  {
    id: 'log-retention',
    title: 'Logs end after a time, and each function has its log group declared.',
    why: 'A group that Lambda makes by itself keeps everything for ever, in one region more than in the other.',
    find: (stage) => {
      const groups = stage.of('aws_cloudwatch_log_group', logSchema);
      const names = new Set(groups.map(({ region, values }) => `${region} ${values.name}`));
      return [
        ...groups
          .filter(({ values }) => values.retention_in_days <= 0)
          .map((group) => ({
            ...group,
            found: `${group.values.name} keeps its events for ever.`,
            fix: 'Give it retention_in_days.',
          })),
        ...stage
          .of('aws_lambda_function', functionSchema)
          .filter(({ region, values }) => !names.has(`${region} /aws/lambda/${values.function_name}`))
          .map((lambda) => ({
            ...lambda,
            found: `${lambda.values.function_name} has no log group of its own.`,
            fix: `Declare /aws/lambda/${lambda.values.function_name} with retention_in_days.`,
          })),
      ];
    },
  },
  {
    id: 'alarm-action',
    title: 'An alarm tells somebody, itself or by a composite alarm.',
    why: 'What goes off unheard is found by clients.',
    find: (stage) => {
      const composites = stage.of('aws_cloudwatch_composite_alarm', alarmSchema);
      const tells = ({ alarm_actions: actions, actions_enabled: enabled }: z.infer<typeof alarmSchema>) =>
        enabled && actions.length > 0;
      const rules = composites.filter(({ values }) => tells(values)).map(({ values }) => values.alarm_rule);
      const isHeard = (name: string) => rules.some((rule) => rule.includes(`"${name}"`) || rule.includes(`(${name})`));
      return [...composites, ...stage.of('aws_cloudwatch_metric_alarm', alarmSchema)]
        .filter(({ values }) => !tells(values) && !isHeard(values.alarm_name))
        .map((silent) => ({
          ...silent,
          found: `${silent.values.alarm_name} tells nobody.`,
          fix: "Give it the region's topic as an action, or name it in a composite alarm that has one.",
        }));
    },
  },
];
