import * as z from 'zod/mini';
import { errorReason } from '#functions/error-reason.ts';
import type { RegionContents } from '#local/data/contents.ts';
import type { Kept } from '#local/data/data-folder.ts';
import type { Filling } from '#local/data/filling.ts';
import type { SsmContext } from './operation.ts';
import { PARAMETER_TYPES, type ParameterStore, type ParameterVersion } from './parameter-store.ts';
import { putParameter } from './put-parameter.ts';

type Parameters = NonNullable<RegionContents['parameters']>;

/** The newest version of every parameter, decrypted. */
export function parametersOf(store: ParameterStore): Parameters {
  return Object.fromEntries(store.all().map(({ name, value, type }) => [name, { value, type }]));
}

/** Puts parameters as a client would. */
export function fillParameters(context: SsmContext, given: Parameters): Filling {
  const problems: string[] = [];
  const puts = Object.entries(given).flatMap(([Name, { value: Value, type }]) => {
    const newest = context.store.newest(Name);
    const Type = type ?? newest?.type ?? 'String';
    try {
      if (newest && newest.type !== Type) throw new Error(`it is a ${newest.type}, which cannot become a ${Type}`);
      return [putParameter(context, { Name, Value, Type, Tier: 'Intelligent-Tiering', Overwrite: true }).run];
    } catch (error) {
      problems.push(`parameter ${Name}: ${errorReason(error)}`);
      return [];
    }
  });
  const write = async () => {
    for (const put of puts) put();
  };
  return { problems, write };
}

const text = z.optional(z.string());
const VERSIONS = z.array(
  z.object({
    name: z.string(),
    type: z.enum(PARAMETER_TYPES),
    value: z.string(),
    version: z.int(),
    lastModified: z.pipe(
      z.string(),
      z.transform((iso) => new Date(iso)),
    ),
    tier: z.enum(['Advanced', 'Standard']),
    labels: z.array(z.string()),
    description: text,
    allowedPattern: text,
    dataType: text,
    keyId: text,
  }),
);

/** What was kept of a region's parameters: name → versions, the newest last. */
export function keptParameters(kept: Kept, region: string): ReadonlyMap<string, ParameterVersion[]> {
  return new Map([...kept.read(region)].map(([name, versions]) => [name, VERSIONS.parse(versions)]));
}

/** Reads the newest value of a parameter that was kept in a region. */
export function readingKept(kept: Kept): (region: string, name: string) => string | undefined {
  return (region, name) => keptParameters(kept, region).get(name)?.at(-1)?.value;
}

/** Keeps a region's parameters, each with all its versions; undefined: it is deleted. */
export function keepingParameters(
  kept: Kept,
  region: string,
): (name: string, versions: readonly ParameterVersion[] | undefined) => void {
  return (id, versions) => kept.keep([{ container: region, id, value: versions ?? null }]);
}
