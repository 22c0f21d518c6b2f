import { createHash } from 'node:crypto';
import type { LambdaFunction, LocalModel, RegionModel, RegionType } from '#local/model/model.ts';

interface Published {
  readonly version: number;
  /** Of code and configuration. */
  readonly content: string;
}

/** Function → its newest version, in one region. */
type Newest = ReadonlyMap<string, Published>;

/** The versions that have been published in both regions. */
export class VersionBook {
  #newest: Readonly<Record<RegionType, Newest>>;

  /** @param model - of the start: its functions are version 1 */
  constructor({ regions }: LocalModel) {
    const first = (region: RegionModel): Newest =>
      new Map(region.functions.map((each) => [each.name, { version: 1, content: contentOf(each) }]));
    this.#newest = { primary: first(regions.primary), secondary: first(regions.secondary) };
  }

  /**
   * Numbers the functions of a model: the next version where code or configuration differ from the newest one, else that one. Aliases lead to
   * it, except those on `$LATEST`.
   *
   * Source: AWS Lambda API, "PublishVersion": it doesn't publish a version if code and configuration haven't changed since the last one.
   *
   * @returns the model, and what enters its versions in the book
   */
  publish(model: LocalModel): { readonly model: LocalModel; readonly enter: () => void } {
    const primary = publishRegion(model.regions.primary, this.#newest.primary);
    const secondary = publishRegion(model.regions.secondary, this.#newest.secondary);
    return {
      model: { ...model, regions: { primary: primary.region, secondary: secondary.region } },
      enter: () => {
        this.#newest = { primary: primary.newest, secondary: secondary.newest };
      },
    };
  }
}

function publishRegion(region: RegionModel, before: Newest): { readonly region: RegionModel; readonly newest: Newest } {
  const newest = new Map(before);
  const functions = region.functions.map((each): LambdaFunction => {
    const content = contentOf(each);
    const known = newest.get(each.name);
    const number = known?.content === content ? known.version : (known?.version ?? 0) + 1;
    newest.set(each.name, { version: number, content });
    const version = String(number);
    const aliases = each.aliases.map((alias) =>
      alias.functionVersion === '$LATEST' ? alias : { ...alias, functionVersion: version },
    );
    return { ...each, version, aliases };
  });
  return { region: { ...region, functions }, newest };
}

/** What a version keeps. Source: AWS Lambda Developer Guide, "Manage Lambda function versions". */
function contentOf({ codeSha256, handler, memoryMb, timeoutSeconds, environment, roleArn, logGroup }: LambdaFunction) {
  const variables = Object.entries(environment).sort(([one], [other]) => (one < other ? -1 : 1));
  const kept = [codeSha256, handler, memoryMb, timeoutSeconds, variables, roleArn, logGroup];
  return createHash('sha256').update(JSON.stringify(kept)).digest('hex');
}
