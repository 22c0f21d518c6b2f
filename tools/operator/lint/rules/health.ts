import * as z from 'zod/mini';
import type { Found, LintedStage } from '#operator/lint/linted-stage.ts';
import type { Rule } from '#operator/lint/rule.ts';

const checkSchema = z.object({
  id: z.string(),
  type: z.string(),
  fqdn: z._default(z.string(), ''),
  invert_healthcheck: z._default(z.boolean(), false),
  child_healthchecks: z._default(z.array(z.string()), []),
});
const recordSchema = z.object({
  name: z.string(),
  // Records that health chooses among have one, whichever their policy is.
  set_identifier: z.string(),
  health_check_id: z.optional(z.string()),
  alias: z.object({ name: z.string() }),
});
const domainSchema = z.object({ domain_name: z.string() });
const mappingSchema = z.object({ api_id: z.string(), domain_name: z.string() });
const routeSchema = z.object({ api_id: z.string(), route_key: z.string(), authorization_type: z.literal('AWS_IAM') });
const methodSchema = z.object({
  rest_api_id: z.string(),
  http_method: z.string(),
  authorization: z.literal('AWS_IAM'),
});

type Check = Found<z.infer<typeof checkSchema>>;

/** What decides where the public names lead, and who can follow them. */
export const HEALTH_RULES: readonly Rule[] = [
  {
    id: 'unchecked-record',
    title: 'Every record that another one stands in for has a health check.',
    why: 'Route 53 takes a record without one for healthy, whatever becomes of its region.',
    find: (stage) =>
      stage
        .of('aws_route53_record', recordSchema)
        .filter(({ values }) => values.health_check_id === undefined)
        .map((record) => ({
          ...record,
          found: `${record.values.name} ${record.values.set_identifier.toUpperCase()} has no health check.`,
          fix: 'Give it the health check of its own region.',
        })),
  },
  {
    id: 'check-of-other-region',
    title: "A region's health check asks nothing that the other region must answer.",
    why: 'The loss of the other region would take this one out of DNS as well: both names would be unhealthy at once.',
    find: (stage) =>
      failoverChecks(stage).flatMap(({ check, region }) => {
        const other = otherOf(stage, region);
        if (check.values.invert_healthcheck || !asksIn(check, other)) return [];
        return [
          {
            ...check,
            found: `The check of ${region} asks ${check.values.fqdn}, which is in ${other}.`,
            fix: `Let it ask a name of ${region}; what the other region says may only count inverted.`,
          },
        ];
      }),
  },
  {
    id: 'check-by-another-door',
    title: 'A health check takes the door that clients take: a custom domain of its region.',
    why: 'The execute-api host answers while the domain, its mapping or its certificate is broken for everybody else.',
    find: (stage) => {
      const doors = new Set(domains(stage).map(({ values }) => values.domain_name));
      return failoverChecks(stage)
        .filter(({ check }) => !check.values.invert_healthcheck && !doors.has(check.values.fqdn))
        .map(({ check }) => ({
          ...check,
          found: `The check asks ${check.values.fqdn}, which is no custom domain of the APIs.`,
          fix: "Let it ask the region's own name of the API.",
        }));
    },
  },
  {
    id: 'iam-without-regional-name',
    title: 'A route that needs a signature has a name per region.',
    why: 'A signature is good in one region: after a failover the public name leads signed requests to a region that answers 403.',
    find: (stage) => {
      const mappings = [
        ...stage.of('aws_apigatewayv2_api_mapping', mappingSchema),
        ...stage.of('aws_api_gateway_base_path_mapping', mappingSchema),
      ];
      const regionsOf = (name: string) =>
        new Set(
          domains(stage)
            .filter(({ values }) => values.domain_name === name)
            .map(({ region }) => region),
        ).size;
      const signed = [
        ...stage
          .of('aws_apigatewayv2_route', routeSchema)
          .map((route) => ({ ...route, api: route.values.api_id, what: route.values.route_key })),
        ...stage
          .of('aws_api_gateway_method', methodSchema)
          .map((method) => ({ ...method, api: method.values.rest_api_id, what: method.values.http_method })),
      ];
      return signed.flatMap(({ api, what, ...route }) => {
        const names = mappings.filter(({ values }) => values.api_id === api).map(({ values }) => values.domain_name);
        const isShared = names.some((name) => regionsOf(name) > 1);
        if (!isShared || names.some((name) => regionsOf(name) === 1)) return [];
        return [
          {
            ...route,
            found: `${what} wants a signature, and in ${route.region} its API has only names that both regions share.`,
            fix: `Map a domain of ${route.region} alone to the API, and let clients sign for the region whose name they ask.`,
          },
        ];
      });
    },
  },
];

const domains = (stage: LintedStage) => [
  ...stage.of('aws_api_gateway_domain_name', domainSchema),
  ...stage.of('aws_apigatewayv2_domain_name', domainSchema),
];

/** The endpoint checks that each failover record depends on, with the record's region. */
function failoverChecks(stage: LintedStage): readonly { readonly check: Check; readonly region: string }[] {
  const checks = new Map(stage.of('aws_route53_health_check', checkSchema).map((check) => [check.values.id, check]));
  const endpointsOf = (id: string): readonly Check[] => {
    const check = checks.get(id);
    if (check === undefined) return [];
    return check.values.type === 'CALCULATED' ? check.values.child_healthchecks.flatMap(endpointsOf) : [check];
  };
  return stage.of('aws_route53_record', recordSchema).flatMap(({ values }) => {
    const { primaryRegion, secondaryRegion } = stage.context.settings;
    const region = [primaryRegion, secondaryRegion].find((each) => values.alias.name.includes(`.${each}.`));
    if (region === undefined) return [];
    return endpointsOf(values.health_check_id ?? '').map((check) => ({ check, region }));
  });
}

function otherOf({ context }: LintedStage, region: string): string {
  const { primaryRegion, secondaryRegion } = context.settings;
  return region === primaryRegion ? secondaryRegion : primaryRegion;
}

/** Regional names begin with the region, hosts of AWS have it in their middle. */
const asksIn = ({ values }: Check, region: string): boolean =>
  values.fqdn.startsWith(`${region}.`) || values.fqdn.includes(`.${region}.`);
