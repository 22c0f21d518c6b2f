import type { SickAlarm } from '#operator/alarms/sick-alarm.ts';
import type { AskedVersion, MeasuredFunction } from '#operator/aws/version-metrics.ts';
import { lackingParts, type PartsPlace } from '#operator/live/lacking-parts.ts';
import type { ApiKind, LiveEnvironment, LiveRegion } from '#operator/live/live-region.ts';
import type { SampleTable } from './sample-data.ts';

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
  /** Reads some items of a table, by its physical name. */
  readonly sample: SampleTable;
  /** The environment's alarm of the region, if it has gone off. */
  sick(environment: string): Promise<SickAlarm | undefined>;
  /**
   * Gives an environment's aliases of these functions these weights, and no others.
   *
   * @param functions - by their physical names, those included that are to have none
   * @param weights - function → version and its share
   */
  weigh(
    environment: string,
    functions: readonly string[],
    weights: Readonly<Record<string, { readonly version: string; readonly share: number }>>,
  ): Promise<void>;
  /** What versions did for an environment's aliases. @param since - ISO 8601 */
  measure(environment: string, versions: readonly AskedVersion[], since: string): Promise<readonly MeasuredFunction[]>;
}

/** What is asked while a region is looked at. */
export interface RegionInspection {
  readonly region: LiveRegion;
  readonly port: Pick<SwitchRegionPort, 'deployments'> & PartsPlace['port'];
  /** Physical name of a function. */
  readonly functionName: PartsPlace['functionName'];
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
  const [deployments, lacking] = await Promise.all([
    Promise.all(KINDS.map((kind) => deploymentProblems(inspection, environment, kind))),
    lackingParts(inspection, environment),
  ]);
  return [...deployments.flat(), ...lacking];
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
