import { operations } from '#contract/index.ts';
import type { Operation } from '#contract/operation.ts';
import { compileWildcard } from '#local/iam/policy/wildcard.ts';
import type { ApiKind, LiveEnvironment, LiveRegion } from '#operator/live/live-region.ts';

/** A deployment of a gateway. */
export interface GatewayDeployment {
  readonly id: string;
  /** Environment that it was made for. */
  readonly environment: string;
  readonly created: Date;
}

/** What a switch asks one region beyond what `status` does. */
export interface SwitchRegionPort {
  deployments(kind: ApiKind, apiId: string): Promise<readonly GatewayDeployment[]>;
  /** Source ARNs, with wildcards, from which API Gateway may invoke an alias. */
  invokers(functionName: string, alias: string): Promise<readonly string[]>;
  /** Name that API Gateway gave to the REST API's public name in this region. */
  regionalHost(domainName: string): Promise<string | undefined>;
}

/** What is asked while a region is looked at. */
export interface RegionInspection {
  readonly region: LiveRegion;
  readonly port: Pick<SwitchRegionPort, 'deployments' | 'invokers'>;
  /** Physical name of a function. */
  readonly functionName: (name: string) => string;
}

const KINDS: readonly ApiKind[] = ['rest', 'http'];

/** Everything in one region that forbids live traffic to an environment. @returns sentences; empty when it is ready */
export async function preflightRegion(inspection: RegionInspection, name: string): Promise<readonly string[]> {
  const { region } = inspection;
  const environment = region.environments.find((each) => each.name === name);
  if (environment === undefined) {
    const deployed = region.environments.map((each) => each.name).join(', ') || 'none';
    return [`${name} is not deployed; deployed are ${deployed}.`];
  }
  const [deployments, permissions] = await Promise.all([
    Promise.all(KINDS.map((kind) => deploymentProblems(inspection, environment, kind))),
    Promise.all(operations.map((operation) => permissionProblems(inspection, environment, operation))),
  ]);
  return [...deployments.flat(), ...aliasProblems(environment), ...permissions.flat()];
}

/** The stage must be there and serve the deployment that was made last for its environment. */
async function deploymentProblems(
  { region, port }: RegionInspection,
  { name, stages }: LiveEnvironment,
  kind: ApiKind,
): Promise<readonly string[]> {
  const apiId = region.apiIds[kind];
  if (apiId === undefined) return [`The ${kind.toUpperCase()} API is not deployed.`];
  const api = `the ${kind.toUpperCase()} API ${apiId}`;
  const stage = stages[kind];
  if (stage === undefined) return [`There is no stage ${name} of ${api}.`];
  if (stage.deploymentId === undefined) return [`Stage ${name} of ${api} serves no deployment.`];
  const made = (await port.deployments(kind, apiId)).filter(({ environment }) => environment === name);
  const served = made.find(({ id }) => id === stage.deploymentId);
  if (served === undefined) {
    return [`Stage ${name} of ${api} serves the deployment ${stage.deploymentId}, which was not made for it.`];
  }
  const newer = made.find((each) => isNewer(each, served));
  if (newer === undefined) return [];
  return [`Stage ${name} of ${api} serves the deployment ${served.id}, but ${newer.id} is newer: a deploy broke off.`];
}

function isNewer(one: GatewayDeployment, other: GatewayDeployment): boolean {
  return one.created.getTime() > other.created.getTime();
}

/** Each function must have the environment's alias, and the alias a version. */
function aliasProblems({ name, functions }: LiveEnvironment): readonly string[] {
  return [...new Set(operations.map((operation) => operation.function))].flatMap((fn) => {
    const live = functions[fn];
    if (live === undefined) return [`The function ${fn} has no alias ${name}.`];
    return live.codeSha256 === ''
      ? [`The alias ${name} of ${fn} leads to version ${live.version}, which is gone.`]
      : [];
  });
}

/** API Gateway must be allowed to invoke the alias from the operation's route. */
async function permissionProblems(
  { region, port, functionName }: RegionInspection,
  { name, functions }: LiveEnvironment,
  operation: Operation,
): Promise<readonly string[]> {
  const apiId = region.apiIds[operation.api];
  // Of what isn't there at all the other checks tell.
  if (apiId === undefined || functions[operation.function] === undefined) return [];
  const route = `${apiId}/${name}/${operation.method}${operation.path}`;
  const invokers = await port.invokers(functionName(operation.function), name);
  if (invokers.some((arn) => compileWildcard(resourceOf(arn))(route))) return [];
  return [
    `API Gateway may not invoke the alias ${name} of ${operation.function} for ${operation.method} ${operation.path}.`,
  ];
}

/** `arn:aws:execute-api:<region>:<account>:<resource>` */
function resourceOf(arn: string): string {
  return arn === '*' ? arn : arn.split(':').slice(5).join(':');
}
