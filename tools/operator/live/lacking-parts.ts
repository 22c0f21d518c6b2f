import { operations } from '#contract/index.ts';
import type { FunctionName } from '#contract/operation.ts';
import { compileWildcard } from '#local/iam/policy/wildcard.ts';
import type { RouteRecord } from '#stacks/release-record.ts';
import type { LiveEnvironment, LiveRegion, PartsPort } from './live-region.ts';

/** Where an environment's parts are looked for. */
export interface PartsPlace {
  readonly region: Pick<LiveRegion, 'apiIds'>;
  readonly port: PartsPort;
  /** Physical name of a function. */
  readonly functionName: (name: string) => string;
}

type Route = Pick<RouteRecord, 'api' | 'method' | 'path'> & { readonly function: FunctionName };

/**
 * What an environment lacks of what it runs on: functions, aliases, versions, roles, and permissions of its routes. What it runs is what its
 * record says; without one, what the contract says.
 *
 * @returns sentences; empty for an environment that is whole
 */
export async function lackingParts(place: PartsPlace, environment: LiveEnvironment): Promise<readonly string[]> {
  const { record, functions, name } = environment;
  const roles = Object.entries(record?.functions ?? {}).map(async ([fn, { role }]) =>
    (await place.port.hasRole(role.name))
      ? []
      : [`The role ${role.name}, which ${name} runs ${fn} with, does not exist or has lost its policy.`],
  );
  const byFunction = new Map<FunctionName, Route[]>();
  for (const route of routesOf(environment)) {
    byFunction.set(route.function, [...(byFunction.get(route.function) ?? []), route]);
  }
  const permissions = [...byFunction].map(([fn, routes]) =>
    functions[fn] === undefined ? [] : permissionProblems(place, name, fn, routes),
  );
  return [
    ...(await routeProblems(place, environment)),
    ...aliasProblems(environment, [...byFunction.keys()]),
    ...(await Promise.all(roles)).flat(),
    ...(await Promise.all(permissions)).flat(),
  ];
}

/** The routes that an environment serves. */
function routesOf({ record }: LiveEnvironment): readonly Route[] {
  if (record === undefined) return operations;
  return Object.entries(record.functions).flatMap(([name, { routes }]) =>
    routes.map((route) => ({ ...route, function: name })),
  );
}

/** What the gateways serve is a copy of its own: it must have each route. Of a gateway without the stage all the others tell. */
async function routeProblems({ region, port }: PartsPlace, environment: LiveEnvironment): Promise<readonly string[]> {
  const { name, stages } = environment;
  const found = (['rest', 'http'] as const).map(async (kind) => {
    const [apiId, deploymentId] = [region.apiIds[kind], stages[kind]?.deploymentId];
    if (apiId === undefined || deploymentId === undefined) return [];
    const served = await port.routes(kind, apiId, name, deploymentId);
    return routesOf(environment)
      .filter(({ api, method, path }) => api === kind && served?.has(`${method} ${path}`) === false)
      .map(
        ({ method, path }) => `What ${name} serves of the ${kind.toUpperCase()} API has no route ${method} ${path}.`,
      );
  });
  return (await Promise.all(found)).flat();
}

/** Each function must have the environment's alias, and the alias a version. @param wanted - the functions */
export function aliasProblems(
  { name, functions }: LiveEnvironment,
  wanted: readonly FunctionName[],
): readonly string[] {
  return wanted.flatMap((fn) => {
    const live = functions[fn];
    if (live === undefined) return [`The function ${fn} has no alias ${name}.`];
    return live.codeSha256 === ''
      ? [`The alias ${name} of ${fn} leads to version ${live.version}, which is gone.`]
      : [];
  });
}

/** API Gateway must be allowed to invoke the alias from each of its routes. */
async function permissionProblems(
  { region, port, functionName }: PartsPlace,
  environment: string,
  fn: FunctionName,
  routes: readonly Route[],
): Promise<readonly string[]> {
  const invokers = await port.invokers(functionName(fn), environment);
  return routes.flatMap(({ api, method, path }) => {
    const apiId = region.apiIds[api];
    // Of what isn't there at all the other checks tell.
    if (apiId === undefined) return [];
    const route = `${apiId}/${environment}/${method}${path}`;
    if (invokers.some((arn) => compileWildcard(resourceOf(arn))(route))) return [];
    return [`API Gateway may not invoke the alias ${environment} of ${fn} for ${method} ${path}.`];
  });
}

/** `arn:aws:execute-api:<region>:<account>:<resource>` */
function resourceOf(arn: string): string {
  return arn === '*' ? arn : arn.split(':').slice(5).join(':');
}
