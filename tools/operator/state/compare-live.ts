import { APIGatewayClient, paginateGetApiKeys } from '@aws-sdk/client-api-gateway';
import { PREVIEW } from '#functions/environment.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import type { ApiKind, LiveRegion } from '#operator/live/live-region.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { readRegion } from '#operator/live/read-region.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { functionName, prefix } from '#stacks/naming.ts';
import type { RegionStates } from './region-states.ts';
import type { StateResource } from './state-document.ts';

/** What serves in one region, and so must not be made a second time by a state that does not know it. */
export interface LiveParts {
  readonly region: LiveRegion;
  /** Names of the stage's API keys. */
  readonly keys: readonly string[];
}

/** Something that is live, and what the region's states have of it. */
export interface LiveDifference {
  /** `alias envA of user`, `deployment of envA (REST)`. */
  readonly what: string;
  readonly live: string;
  /** `undefined` where the states have nothing of the kind. */
  readonly state: string | undefined;
  /** No state knows what is live: a plan from here would make it again, or leave it behind. */
  readonly isUnknown: boolean;
}

export interface LiveComparison {
  /** Number of versions, deployments, keys and targets that were compared. */
  readonly compared: number;
  readonly differences: readonly LiveDifference[];
}

/** AWS in one region: gateways, functions, keys, public names. */
export async function awsLiveParts(context: StageContext, regionType: RegionType): Promise<LiveParts> {
  const gateway = new APIGatewayClient(clientSettings(accessOf(context), inRegion(context, regionType).region));
  const [region, keys] = await Promise.all([
    readRegion(context, regionType, awsLiveSources(context).regions[regionType]),
    apiKeys(gateway, prefix(context)),
  ]);
  return { region, keys };
}

/** Names of a stage's API keys: `constructs/rest-api/api-access.ts` ends each in the fingerprint of its value. */
async function apiKeys(client: APIGatewayClient, start: string): Promise<readonly string[]> {
  const isOwn = new RegExp(`^${start}(-${PREVIEW})?-[0-9a-f]{8}$`);
  const names: string[] = [];
  for await (const { items = [] } of paginateGetApiKeys({ client }, { includeValues: false, limit: 500 })) {
    names.push(...items.flatMap(({ name = '' }) => (isOwn.test(name) ? [name] : [])));
  }
  return names;
}

/** Compares what is live in a region with what the states of that region's stacks have. */
export function compareLive(context: StageContext, { states }: RegionStates, parts: LiveParts): LiveComparison {
  const { regionType } = parts.region.target;
  const known = [...states.values()].flatMap(({ stack, document }) =>
    stack.endsWith(`-${regionType}`) ? (document?.resources ?? []) : [],
  );
  const found = [
    ...functionFacts(context, parts.region, known),
    ...deploymentFacts(parts.region, known),
    ...parts.keys.map((name) => {
      const isKnown = find(known, 'aws_api_gateway_api_key', { name }) !== undefined;
      return { what: 'API key', live: name, state: isKnown ? name : undefined, isUnknown: !isKnown };
    }),
    ...targetFacts(parts.region, known),
  ];
  return {
    compared: found.length,
    differences: found.filter(({ live, state, isUnknown }) => isUnknown || live !== state),
  };
}

type Resources = readonly StateResource[];

/** Looks a resource up by its attributes. */
function find(
  resources: Resources,
  type: string,
  wanted: Readonly<Record<string, string>>,
): StateResource['attributes'] | undefined {
  return resources.find(
    (each) => each.type === type && Object.entries(wanted).every(([name, value]) => each.attributes[name] === value),
  )?.attributes;
}

/** Aliases, and the versions that they lead to. */
function functionFacts(
  context: StageContext,
  { environments }: LiveRegion,
  known: Resources,
): readonly LiveDifference[] {
  return environments.flatMap(({ name: environment, functions }) =>
    Object.entries(functions).map(([fn, { version }]) => {
      const function_name = functionName(context, fn);
      const alias = find(known, 'aws_lambda_alias', { function_name, name: environment });
      const hasVersion =
        find(known, 'aws_lambda_function', { function_name, version }) !== undefined ||
        find(known, 'aws_lambda_alias', { function_name, function_version: version }) !== undefined;
      const held = alias?.function_version;
      return {
        what: `alias ${environment} of ${fn}`,
        live: `version ${version}`,
        state: held === undefined ? undefined : `version ${held}`,
        isUnknown: held === undefined || !hasVersion,
      };
    }),
  );
}

/** Types and attributes by which each kind of gateway is kept in a state. */
const GATEWAY = {
  rest: {
    type: 'aws_api_gateway',
    mapping: 'aws_api_gateway_base_path_mapping',
    stage: 'stage_name',
    path: 'base_path',
  },
  http: { type: 'aws_apigatewayv2', mapping: 'aws_apigatewayv2_api_mapping', stage: 'name', path: 'api_mapping_key' },
} as const;
const KINDS: readonly ApiKind[] = ['rest', 'http'];

/** What gateway stages serve. */
function deploymentFacts({ environments }: LiveRegion, known: Resources): readonly LiveDifference[] {
  return environments.flatMap(({ name, stages }) =>
    KINDS.flatMap((kind) => {
      const live = stages[kind]?.deploymentId;
      if (live === undefined) return [];
      const { type, stage } = GATEWAY[kind];
      const held = find(known, `${type}_stage`, { [stage]: name });
      const isUnknown = held === undefined || find(known, `${type}_deployment`, { id: live }) === undefined;
      const state = isUnknown && held?.deployment_id === live ? undefined : held?.deployment_id;
      return { what: `deployment of ${name} (${kind.toUpperCase()})`, live, state, isUnknown };
    }),
  );
}

/**
 * Where the public names lead. A state that has another target is an older one, and does no harm: every command asks for the target that is live.
 */
function targetFacts({ target }: LiveRegion, known: Resources): readonly LiveDifference[] {
  return KINDS.flatMap((kind) => {
    const [live, domain_name] = [target[kind], target.names[kind]];
    if (live === undefined || domain_name === undefined) return [];
    const { mapping, path } = GATEWAY[kind];
    // The provider keeps API Gateway's `(none)` as the empty text, or not at all.
    const held = find(known, mapping, { domain_name, [path]: '' }) ?? find(known, mapping, { domain_name });
    const state = kind === 'rest' ? held?.stage_name : held?.stage;
    return { what: `target of ${domain_name}`, live, state, isUnknown: state === undefined };
  });
}

/** `alias envA of user: version 4 is live, the state has version 3` */
export function describeDifference({ what, live, state }: LiveDifference): string {
  return `${what}: ${live} is live, the state has ${state ?? 'none'}`;
}
