import type { LambdaFunction, RegionModel, WeightedVersion } from '#local/model/model.ts';
import { ReleaseError } from './release-error.ts';
import type { PublishedVersion } from './version-book.ts';

/** Function → the version that is to run for a share of the invocations: above 0, below 1. */
export type AliasWeights = Readonly<Record<string, Pick<WeightedVersion, 'share' | 'version'>>>;

/**
 * A region in which one environment's aliases have these weights, and no others.
 *
 * Source: AWS Lambda API Reference, "UpdateAlias" and "AliasRoutingConfiguration"; AWS Lambda Developer Guide, "Implement Lambda canary deployments
 * using a weighted alias": two published versions with the same execution role.
 *
 * @param find - a published version of a function of the region
 * @throws ReleaseError for weights that AWS would refuse
 */
export function withWeights(
  region: RegionModel,
  environment: string,
  weights: AliasWeights,
  find: (functionName: string, version: string) => PublishedVersion | undefined,
): RegionModel {
  const unknown = Object.keys(weights).filter((name) => !region.functions.some((each) => each.name === name));
  if (unknown.length > 0) throw refused('unknown', `the ${region.type} region has no function ${unknown.join(', ')}`);
  return { ...region, functions: region.functions.map((each) => weigh(each, environment, weights[each.name], find)) };
}

function weigh(
  each: LambdaFunction,
  environment: string,
  wanted: AliasWeights[string] | undefined,
  find: (functionName: string, version: string) => PublishedVersion | undefined,
): LambdaFunction {
  const { name, roleArn } = each;
  const weighted = wanted && { ...wanted, lambdaFunction: versionFor(wanted) };
  const aliases = each.aliases.map((alias) => {
    if (alias.name !== environment) return alias;
    const { weighted: _, ...bare } = alias;
    return { ...bare, ...(weighted && { weighted }) };
  });
  return { ...each, aliases };

  function versionFor({ version, share }: AliasWeights[string]): LambdaFunction {
    const alias = each.aliases.find((one) => one.name === environment);
    if (alias === undefined) throw refused('unknown', `${name} has no alias ${environment}`);
    const found = find(name, version);
    if (found === undefined) throw refused('unknown', `${name} has no version ${version}`);
    if (alias.functionVersion === '$LATEST') throw refused('invalid', `${name}:${environment} leads to $LATEST`);
    if (alias.functionVersion === version)
      throw refused('invalid', `${name}:${environment} leads to version ${version}`);
    if (!(share > 0 && share < 1)) throw refused('invalid', `got the share ${share}, allowed is above 0 and below 1`);
    if (found.lambdaFunction.roleArn !== roleArn) {
      throw refused('invalid', `version ${version} of ${name} has another role than ${alias.functionVersion} has`);
    }
    return found.lambdaFunction;
  }
}

function refused(reason: 'invalid' | 'unknown', problem: string): ReleaseError {
  return new ReleaseError(reason, `The alias cannot be given these weights: ${problem}.`);
}
