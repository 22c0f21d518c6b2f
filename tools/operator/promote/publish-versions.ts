import { LambdaClient, PublishVersionCommand } from '@aws-sdk/client-lambda';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { regionsLeft } from '#operator/regions/left-region.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { functionName } from '#stacks/naming.ts';
import { type InRegions, type PerRegion, PromoteError } from './promotion.ts';

/** What a publication came to. */
export interface PublishedVersion {
  readonly version: string;
  readonly codeSha256: string;
}

/**
 * Publishes a function's newest code in one region. Where the newest version is just that, it is the one that comes back.
 *
 * @param name - physical name of the function
 * @param codeSha256 - what the code must still be; another is refused
 */
export type PublishVersion = (name: string, codeSha256: string) => Promise<PublishedVersion>;

/** AWS Lambda of both regions. Source: AWS Lambda API Reference, "PublishVersion". */
export function lambdaPublishers(context: StageContext): PerRegion<PublishVersion> {
  const publisher = (regionType: RegionType): PublishVersion => {
    const lambda = new LambdaClient(clientSettings(accessOf(context), inRegion(context, regionType).region));
    return async (FunctionName, CodeSha256) => {
      const answer = await lambda.send(new PublishVersionCommand({ FunctionName, CodeSha256 }));
      return { version: answer.Version ?? '', codeSha256: answer.CodeSha256 ?? '' };
    };
  };
  return { primary: publisher('primary'), secondary: publisher('secondary') };
}

/**
 * Publishes functions in both regions, or in the one that is left. A version that is published and never used does no harm, so nothing is taken back when one fails.
 *
 * @param functions - function of the contract → SHA-256 that its code must have
 * @param without - region that is lost. @default - none
 * @returns function → version, per region
 * @throws PromoteError naming every function whose code became another meanwhile
 */
export async function publishEverywhere(
  context: StageContext,
  publish: PerRegion<PublishVersion>,
  functions: Readonly<Record<string, string>>,
  without?: RegionType,
): Promise<InRegions<Readonly<Record<string, string>>>> {
  const changed: string[] = [];
  const publishIn = async (regionType: RegionType) => {
    const versions = Object.entries(functions).map(async ([name, codeSha256]) => {
      const published = await publish[regionType](functionName(context, name), codeSha256).catch(unlessChanged);
      if (published?.codeSha256 !== codeSha256) changed.push(`${name} in the ${regionType} region`);
      return [name, published?.version ?? ''] as const;
    });
    return [regionType, Object.fromEntries(await Promise.all(versions))] as const;
  };
  const published = await Promise.all(regionsLeft(without).map(publishIn));
  if (changed.length === 0) return Object.fromEntries(published);
  throw new PromoteError(
    `The code became another while it was promoted: ${changed.sort().join(', ')}. Nothing was applied; give the command again.`,
  );
}

/** Lambda's word for another `CodeSha256` than the one that was asked for. */
function unlessChanged(error: unknown): undefined {
  if (error instanceof Error && error.name === 'InvalidParameterValueException' && /CodeSHA256/i.test(error.message)) {
    return undefined;
  }
  throw error;
}
