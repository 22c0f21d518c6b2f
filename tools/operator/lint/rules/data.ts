import * as z from 'zod/mini';
import { writesOf } from '#contract/writes.ts';
import type { Found, LintedStage } from '#operator/lint/linted-stage.ts';
import type { Rule } from '#operator/lint/rule.ts';
import { isProtected } from '#stacks/context.ts';

const tableSchema = z.object({
  name: z.string(),
  deletion_protection_enabled: z._default(z.boolean(), false),
  point_in_time_recovery: z.optional(z.object({ enabled: z.boolean() })),
  replica: z._default(
    z.array(z.object({ region_name: z.string(), point_in_time_recovery: z._default(z.boolean(), false) })),
    [],
  ),
});
const functionSchema = z.object({
  function_name: z.string(),
  environment: z.object({ variables: z.record(z.string(), z.string()) }),
});

type Table = Found<z.infer<typeof tableSchema>>;

/** What data needs to be there after a region, or a table, is lost. */
export const DATA_RULES: readonly Rule[] = [
  {
    id: 'replica-protection',
    title: 'Every copy of a table can be recovered to a point in time, and what must not be lost cannot be deleted.',
    why: 'A mistake is replicated within a second: the copy in the other region is no backup.',
    find: (stage) => stage.of('aws_dynamodb_table', tableSchema).flatMap((table) => unprotected(stage, table)),
  },
  {
    id: 'table-without-replica',
    title: 'A table that functions of a region use is in that region.',
    why: 'A function that reads across regions fails with the other region, and takes the whole way there and back before.',
    find: (stage) => {
      const tables = new Map(stage.of('aws_dynamodb_table', tableSchema).map((table) => [table.values.name, table]));
      return stage.of('aws_lambda_function', functionSchema).flatMap((used) =>
        Object.entries(used.values.environment.variables).flatMap(([variable, value]) => {
          const table = tables.get(value);
          if (table === undefined || regionsOf(table).includes(used.region)) return [];
          return [
            {
              ...table,
              found: `${used.values.function_name} in ${used.region} uses ${value} (${variable}), which is in ${regionsOf(table).join(', ')} only.`,
              fix: `Give the table a replica in ${used.region}.`,
            },
          ];
        }),
      );
    },
  },
  {
    id: 'get-that-writes',
    title: 'A GET changes nothing.',
    why: 'Clients, proxies and the typed client repeat a GET that failed, in the other region too: it would be done twice.',
    find: ({ operations }) =>
      operations
        .filter(({ method }) => method === 'GET')
        .flatMap(({ id, method, path, access }) => {
          const writes = writesOf({ access }).map(({ action, variable }) => `${action} on ${variable}`);
          if (writes.length === 0) return [];
          return [
            {
              stack: 'contract',
              address: id,
              found: `${method} ${path} may write: ${writes.join(', ')}.`,
              fix: 'Make it a POST or PUT, or take the action out of its access.',
            },
          ];
        }),
  },
];

function unprotected({ context }: LintedStage, table: Table) {
  const { name, point_in_time_recovery: recovery, replica, deletion_protection_enabled: isKept } = table.values;
  const lacking = [
    ...(recovery?.enabled ? [] : [`${name} has no point-in-time recovery in ${table.region}.`]),
    ...replica
      .filter((copy) => !copy.point_in_time_recovery)
      .map((copy) => `${name} has no point-in-time recovery in ${copy.region_name}.`),
    ...(isProtected(context.stage) && !isKept
      ? [`${name} can be deleted, in the protected stage ${context.stage}.`]
      : []),
  ];
  return lacking.map((found) => ({
    ...table,
    found,
    fix: 'Turn point_in_time_recovery and deletion_protection_enabled on, for the table and each replica.',
  }));
}

const regionsOf = ({ region, values }: Table): readonly string[] => [
  region,
  ...values.replica.map((copy) => copy.region_name),
];
