import type { RegionMessage, RegionsMessage } from '#local/control/regions-schema.ts';

/** A region of a runtime that has nothing deployed, but for the changes. */
export function regionMessage(changes: Partial<RegionMessage> = {}): RegionMessage {
  return {
    region: 'eu-central-1',
    failed: false,
    services: {},
    names: [],
    apis: [],
    functions: [],
    usagePlans: [],
    logGroups: [],
    ...changes,
  };
}

/** What `GET /regions` responds of a runtime that has nothing deployed, but for the changes. */
export function regionsMessage(changes: Partial<RegionsMessage> = {}): RegionsMessage {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  return {
    stage: 'dev',
    startedAt: 0,
    environments: {},
    targets: {},
    publicNames: [],
    credentials: { operator: { ...credentials }, invoker: { ...credentials }, stranger: { ...credentials } },
    healthChecks: [],
    regions: { primary: regionMessage(), secondary: regionMessage({ region: 'eu-west-1' }) },
    unserved: [],
    ...changes,
  };
}

/** A gateway with a stage for each environment, at `url/environment`. */
export function apiMessage(
  kind: 'http' | 'rest',
  url: string,
  environments: readonly string[],
): RegionMessage['apis'][number] {
  const stages = environments.map((name) => ({
    name,
    url: `${url}/${name}`,
    deploymentId: 'd1',
    variables: {},
    routes: [],
  }));
  return { kind, id: `${kind}-id`, name: 'app', url, stages };
}
