import { z } from 'zod';
import { flag, numeric } from '#local/model/arguments/argument-schema.ts';
import type { Read, ResourceReader } from '#local/model/resource-reader.ts';
import { blocks, optionalBlock } from '#local/terraform/block-schema.ts';
import { fieldOf, fieldToMatch, statement, statementOf } from './statements.ts';
import type { RuleAction, WafLogging, WafRule, WebAclModel } from './web-acl-model.ts';

const block = z.object({
  custom_response: optionalBlock(
    z.object({
      response_code: numeric,
      custom_response_body_key: z.string().optional(),
      response_header: blocks(z.object({ name: z.string(), value: z.string() })),
    }),
  ),
});
const nothing = optionalBlock(z.object({}));
const visibility = optionalBlock(
  // Of requests that are let pass no samples are kept; of those that are blocked all are logged.
  z.object({ metric_name: z.string(), cloudwatch_metrics_enabled: flag, sampled_requests_enabled: flag }),
);

const webAcl = z.object({
  arn: z.string(),
  name: z.string(),
  scope: z.string(),
  default_action: optionalBlock(z.object({ allow: nothing, block: optionalBlock(block) })),
  custom_response_body: blocks(z.object({ key: z.string(), content: z.string(), content_type: z.string() })),
  rule: blocks(
    z.object({
      name: z.string(),
      priority: numeric,
      action: optionalBlock(z.object({ allow: nothing, count: nothing, block: optionalBlock(block) })),
      // Of rule groups, which are none of those that are served.
      override_action: optionalBlock(z.object({ none: nothing, count: nothing })),
      statement: optionalBlock(z.unknown()),
      visibility_config: visibility,
    }),
  ),
  visibility_config: visibility,
});

const association = z.object({ resource_arn: z.string(), web_acl_arn: z.string() });

const logging = z.object({
  resource_arn: z.string(),
  log_destination_configs: z.array(z.string()),
  redacted_fields: blocks(fieldToMatch),
  logging_filter: optionalBlock(
    z.object({
      default_behavior: z.string(),
      filter: blocks(
        z.object({
          behavior: z.string(),
          requirement: z.string(),
          condition: blocks(z.object({ action_condition: optionalBlock(z.object({ action: z.string() })) })),
        }),
      ),
    }),
  ),
});

/** Source: AWS WAF API Reference, CustomResponseBody. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  APPLICATION_JSON: 'application/json',
  TEXT_HTML: 'text/html',
  TEXT_PLAIN: 'text/plain',
};

/** Web ACLs of every region. Rules that ask what is not looked at here are listed by the statement they ask it with, and pass everything. */
export function readWebAcls(reader: ResourceReader): readonly (WebAclModel & { readonly region: string })[] {
  const loggings = reader.managed('aws_wafv2_web_acl_logging_configuration', logging);
  return reader.managed('aws_wafv2_web_acl', webAcl).flatMap((resource) => {
    const { region, values } = resource;
    if (values.scope !== 'REGIONAL') {
      reader.leaveUnserved(resource, `aws_wafv2_web_acl of the scope ${values.scope}`);
      return [];
    }
    const logged = loggings.find((each) => each.region === region && each.values.resource_arn === values.arn);
    const metricName = metricOf(values.visibility_config);
    return [
      {
        region,
        arn: values.arn,
        name: values.name,
        ...(metricName && { metricName }),
        defaultAction: actionOf(values.default_action) ?? { kind: 'allow' as const },
        rules: rulesOf(reader, resource),
        responseBodies: Object.fromEntries(
          values.custom_response_body.map(({ key, content, content_type: type }) => [
            key,
            { contentType: CONTENT_TYPES[type] ?? 'text/plain', content },
          ]),
        ),
        ...(logged && { logging: loggingOf(logged.values) }),
      },
    ];
  });
}

/** @returns for the ARN of a stage: that of the web ACL before it */
export function readWebAclAssociations(reader: ResourceReader): (stageArn: string) => string | undefined {
  const associations = reader.managed('aws_wafv2_web_acl_association', association);
  for (const each of associations) {
    if (each.values.resource_arn.includes('/restapis/')) continue;
    reader.leaveUnserved(each, 'aws_wafv2_web_acl_association with something else than a REST stage');
  }
  const byStage = new Map(associations.map(({ values }) => [values.resource_arn, values.web_acl_arn]));
  return (stageArn) => byStage.get(stageArn);
}

function rulesOf(reader: ResourceReader, resource: Read<z.infer<typeof webAcl>>): readonly WafRule[] {
  return [...resource.values.rule]
    .sort((one, other) => one.priority - other.priority)
    .flatMap((rule) => {
      const served = statementOf(rule.statement);
      const action = actionOf(rule.action);
      if (!served || !action) {
        reader.leaveUnserved(resource, `aws_wafv2_web_acl.rule ${unservedOf(rule.statement)}`);
        return [];
      }
      const metricName = metricOf(rule.visibility_config);
      return [{ name: rule.name, ...(metricName && { metricName }), action, statement: served }];
    });
}

/** `managed_rule_group_statement AWSManagedRulesCommonRuleSet`. */
function unservedOf(json: unknown): string {
  const [[kind, value] = ['without a statement', {}]] = Object.entries(Object(json));
  if (kind in statement.shape) return `with a part of ${kind}`;
  const [only] = Array.isArray(value) ? value : [value];
  const { name, arn } = Object(only);
  return [kind, name ?? arn].filter((text) => typeof text === 'string').join(' ');
}

function actionOf(
  action: { allow: unknown; block: z.infer<typeof block> | undefined; count?: unknown } | undefined,
): RuleAction | undefined {
  if (action?.allow) return { kind: 'allow' };
  if (action?.count) return { kind: 'count' };
  if (!action?.block) return undefined;
  const { custom_response: custom } = action.block;
  if (!custom) return { kind: 'block' };
  const bodyKey = custom.custom_response_body_key;
  const headers = custom.response_header.flatMap(({ name, value }) => [name, value]);
  return { kind: 'block', response: { status: custom.response_code, ...(bodyKey && { bodyKey }), headers } };
}

function metricOf(config: z.infer<typeof visibility>): string | undefined {
  return config?.cloudwatch_metrics_enabled ? config.metric_name : undefined;
}

function loggingOf({ log_destination_configs: to, ...values }: z.infer<typeof logging>): WafLogging {
  const filter = values.logging_filter;
  return {
    logGroup: /:log-group:([^:]+)/.exec(to[0] ?? '')?.[1] ?? '',
    redacted: values.redacted_fields.flatMap((field) => fieldOf(field) ?? []),
    keepsOthers: filter?.default_behavior !== 'DROP',
    filters: (filter?.filter ?? []).map(({ behavior, requirement, condition }) => ({
      keeps: behavior === 'KEEP',
      all: requirement === 'MEETS_ALL',
      actions: condition.flatMap(({ action_condition: asked }) => asked?.action ?? []),
    })),
  };
}
