import { z } from 'zod';
import type { RegionType, StageContext } from './context.ts';
import { prefixPath } from './naming.ts';

const tableKeys = z.object({ partitionKey: z.string(), sortKey: z.string().optional() });

/**
 * What an environment runs of one function in one region. The environment's stack leaves it in Parameter Store of that region, under
 * `/APP_NAME/stage/releases/ENVIRONMENT/FUNCTION`, so that stacks which all environments share know what must stay.
 */
const functionRecordSchema = z.object({
  /** Published version: `12`. */
  version: z.string(),
  /** The role that the version runs with: nobody can give a published version another one. `policy` is its document, JSON. */
  role: z.object({ hash: z.string(), name: z.string(), policy: z.string() }),
  /** What the version was made from. `sha256` is base64. */
  package: z.object({ bucket: z.string(), key: z.string(), version: z.string(), sha256: z.string() }),
  /**
   * Tables that it works on, by their names in the code, with their keys, indexes and the schema of the items that it writes and reads: JSON Schema of
   * draft 4, as text.
   */
  tables: z.record(
    z.string(),
    tableKeys.extend({ indexes: z.record(z.string(), tableKeys).optional(), item: z.string().optional() }),
  ),
  /** Routes that lead to it. `id` is the operation's. */
  routes: z.array(
    z.object({
      id: z.string(),
      api: z.enum(['http', 'rest']),
      method: z.enum(['DELETE', 'GET', 'PATCH', 'POST', 'PUT']),
      path: z.string(),
      auth: z.enum(['apiKey', 'authorizer', 'iam', 'jwt', 'open']),
    }),
  ),
});

export type FunctionRecord = Readonly<z.infer<typeof functionRecordSchema>>;
export type RouteRecord = FunctionRecord['routes'][number];

const functionReleaseSchema = functionRecordSchema.pick({ tables: true, routes: true });

/** Of a function's record, what its version and package do not say. */
export type FunctionRelease = Readonly<z.infer<typeof functionReleaseSchema>>;

/** What one environment runs in one region. */
export interface ReleaseRecord {
  readonly environment: string;
  /** By the function's name in the contract of that release. */
  readonly functions: Readonly<Record<string, FunctionRecord>>;
}

/** Every deployed environment's record, region by region. */
export type ReleaseRecords = Readonly<Record<RegionType, readonly ReleaseRecord[]>>;

/** Of a stage that nothing is deployed of, and of a synthesis that asks no account. */
export const NO_RECORDS: ReleaseRecords = { primary: [], secondary: [] };

/** Where a region keeps the records of a stage's environments: `/APP_NAME/stage/releases`. */
export function recordsPath(context: StageContext): string {
  return `${prefixPath(context)}/releases`;
}

/** Where a region keeps one environment's record: a parameter per function is below it. */
export function recordPath(context: StageContext, environment: string): string {
  return `${recordsPath(context)}/${environment}`;
}

/** What the guards of raw Terraform say. */
export const KEEPS =
  'Deploy with two-region deploy, which keeps what environments run on until none needs it: docs/operations.md, "What a deploy keeps".';

/** A table was given other keys than those that an environment runs on. */
export class ChangedTableError extends Error {
  override readonly name = 'ChangedTableError';
  readonly exitCode = 2;
  constructor(
    tables: readonly {
      readonly name: string;
      readonly environments: readonly string[];
      readonly keys: string;
      readonly wanted: string;
    }[],
  ) {
    super(
      [
        ...tables.map(
          ({ name, environments, keys, wanted }) =>
            `The table ${name} is found by ${keys} in what ${environments.join(' and ')} runs, and by ${wanted} in the code.`,
        ),
        'The key of a table, or of an index, cannot be changed: it would be made anew, and empty.',
        'Give it its old key, and declare another one beside it (functions/environment.ts), a table with a variable of its own.',
        'Let a release write to both, copy the items, switch to a release that reads the new one, and drop the old variable last.',
      ].join('\n'),
    );
  }
}

/** A parameter below {@link recordsPath} is not a record. */
class ReleaseRecordError extends Error {
  override readonly name = 'ReleaseRecordError';
}

/**
 * Reads the records out of the parameters below {@link recordsPath}.
 *
 * @param parameters - full name → value
 * @throws ReleaseRecordError that names every parameter which is none
 */
export function parseRecords(context: StageContext, parameters: ReadonlyMap<string, string>): readonly ReleaseRecord[] {
  const functions = new Map<string, Record<string, FunctionRecord>>();
  const problems: string[] = [];
  const start = `${recordsPath(context)}/`;
  for (const [name, value] of [...parameters].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const [environment = '', functionName = ''] = name.slice(start.length).split('/');
    const parsed = functionRecordSchema.safeParse(jsonOf(value));
    if (!parsed.success) problems.push(`${name}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
    else functions.set(environment, { ...functions.get(environment), [functionName]: parsed.data });
  }
  if (problems.length > 0) {
    throw new ReleaseRecordError(
      `What stands where an environment records its release is no such record:\n  ${problems.join('\n  ')}\n` +
        'Apply the stack of that environment again: it writes its record anew.',
    );
  }
  return [...functions].map(([environment, byName]) => ({ environment, functions: byName }));
}

/** Reads the part of one function's record that its version does not say. @returns undefined for what is no such record */
export function parseRelease(value: string): FunctionRelease | undefined {
  return functionReleaseSchema.safeParse(jsonOf(value)).data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
