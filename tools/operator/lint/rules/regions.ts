import * as z from 'zod/mini';
import type { Found } from '#operator/lint/linted-stage.ts';
import type { Fault, Rule } from '#operator/lint/rule.ts';
import { STANDBY_ONLY } from '#stacks/naming.ts';

const planSchema = z.object({ name: z.string(), quota_settings: z.unknown(), throttle_settings: z.unknown() });
const keySchema = z.object({ name: z.string(), value: z.optional(z.string()) });
const logSchema = z.object({ name: z.string(), retention_in_days: z.optional(z.number()) });
const functionSchema = z.object({
  function_name: z.string(),
  memory_size: z.optional(z.number()),
  timeout: z.optional(z.number()),
  runtime: z.optional(z.string()),
});
const stateSchema = z.object({ config: z.object({ key: z.string() }) });

/** What must be alike in both regions, and what one may not need of the other. */
export const REGION_RULES: readonly Rule[] = [
  {
    id: 'unequal-regions',
    title: 'Keys, quotas, retention and functions are the same in both regions.',
    why: 'What differs is met at a failover: clients are refused by a key that the other region does not know, or throttled at another limit.',
    find: (stage) => [
      ...unequal(
        stage.of('aws_api_gateway_usage_plan', planSchema),
        ({ name }) => `usage plan ${name}`,
        ({ name: _, ...limits }) => limits,
      ),
      // A key is a secret: that it differs is said, not what it is.
      ...unequal(
        stage.of('aws_api_gateway_api_key', keySchema),
        ({ name }) => `API key ${name}`,
        ({ value }) => value,
      ),
      ...unequal(
        stage.of('aws_cloudwatch_log_group', logSchema),
        ({ name }) => `retention of ${name.replace(/(?<=^API-Gateway-Execution-Logs_)\w+/, 'API')}`,
        (group) => group.retention_in_days,
      ),
      ...unequal(
        stage.of('aws_lambda_function', functionSchema),
        ({ function_name: name }) => `function ${name}`,
        (settings) => settings,
      ),
    ],
  },
  {
    id: 'reads-other-region',
    title: "A regional stack reads nothing of the other region's.",
    why: 'With the other region gone, and its state with it, this one could be neither planned nor changed.',
    find: ({ stacks, context }) =>
      stacks.flatMap(({ name, json }) => {
        const own = /-(primary|secondary)$/.exec(name)?.[1];
        if (own === undefined) return [];
        const other = own === 'primary' ? 'secondary' : 'primary';
        return Object.entries(json.data.terraform_remote_state ?? {}).flatMap(([id, body]) => {
          const parsed = z.safeParse(stateSchema, body);
          if (!parsed.success || !parsed.data.config.key.endsWith(`-${other}.tfstate`)) return [];
          return [
            {
              stack: name,
              address: `data.terraform_remote_state.${id}`,
              found: `It reads ${parsed.data.config.key}, of the ${other} region.`,
              fix: `Hand it over by a name that both know, or move what needs both into a stack of ${context.stage} that is of neither.`,
            },
          ];
        });
      }),
  },
];

/** What has the same name in both regions and differs, and what one region lacks. Of stacks that are of neither region nothing is asked. */
function unequal<Values>(
  found: readonly Found<Values>[],
  nameOf: (values: Values) => string,
  comparedOf: (values: Values) => unknown,
): readonly Fault[] {
  const byName = new Map<string, Found<Values>[]>();
  for (const each of found) {
    if (!/-(primary|secondary)$/.test(each.stack)) continue;
    byName.set(nameOf(each.values), [...(byName.get(nameOf(each.values)) ?? []), each]);
  }
  return [...byName].flatMap(([name, all]) => {
    const [first] = all;
    if (first === undefined) return [];
    const regions = [...new Set(all.map(({ region }) => region))];
    const isEqual = new Set(all.map(({ values }) => JSON.stringify(comparedOf(values)))).size === 1;
    const isStandbyOnly = STANDBY_ONLY.some((each) => name.endsWith(`-${each}`));
    if ((isEqual && regions.length > 1) || isStandbyOnly) return [];
    return [
      {
        stack: first.stack,
        address: first.address,
        found:
          regions.length > 1
            ? `${name} differs between ${regions.join(' and ')}.`
            : `${name} is in ${first.region} only.`,
        fix: 'Make both of the same settings and parameters.',
      },
    ];
  });
}
