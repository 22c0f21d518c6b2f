import { LambdaClient, PublishVersionCommand } from '@aws-sdk/client-lambda';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { functionName } from '#stacks/naming.ts';
import { type PerRegion, PromoteError } from './promotion.ts';

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
 * Publishes functions in both regions. A version that is published and never used does no harm, so nothing is taken back when one fails.
 *
 * @param functions - function of the contract → SHA-256 that its code must have
 * @returns function → version, per region
 * @throws PromoteError naming every function whose code became another meanwhile
 */
export async function publishEverywhere(
  context: StageContext,
  publish: PerRegion<PublishVersion>,
  functions: Readonly<Record<string, string>>,
): Promise<PerRegion<Readonly<Record<string, string>>>> {
  const changed: string[] = [];
  const publishIn = async (regionType: RegionType) => {
    const versions = Object.entries(functions).map(async ([name, codeSha256]) => {
      const published = await publish[regionType](functionName(context, name), codeSha256).catch(unlessChanged);
      if (published?.codeSha256 !== codeSha256) changed.push(`${name} in the ${regionType} region`);
      return [name, published?.version ?? ''] as const;
    });
    return Object.fromEntries(await Promise.all(versions));
  };
  const [primary, secondary] = await Promise.all([publishIn('primary'), publishIn('secondary')]);
  if (changed.length === 0) return { primary, secondary };
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
