import type { Construct } from 'constructs';
import type { FunctionBundle } from '#constructs/bundle/function-bundle.ts';
import type { FunctionKeys } from '#constructs/scheduled-function.ts';
import { type JourneyPlace, Journeys, journeyMetric } from '#constructs/watch/journeys.ts';
import { journeysOf, PUBLIC } from '#contract/journeys.ts';
import type { Operation } from '#contract/operation.ts';
import { regionalName } from '#contract/regional-name.ts';
import { inRegion, otherRegion, type RegionContext } from './context.ts';
import { functionName, JOURNEYS, journeysSickName, parameterPath, prefix, roleName } from './naming.ts';
import { JOURNEYS_KEY } from './settings/parameters.ts';
import { partitionOf } from './settings/partitions.ts';

interface JourneyInputs extends FunctionKeys {
  readonly operations: readonly Operation[];
  readonly bundleOf: (name: string) => FunctionBundle;
  /** The public names. */
  readonly names: Readonly<Record<Operation['api'], string>>;
  readonly accountId: string;
  readonly topicArn: string;
}

/** Whether settings ask for journeys, and the contract marks some. */
export function hasJourneys({ settings }: Pick<RegionContext, 'settings'>, operations: readonly Operation[]): boolean {
  return settings.journeyMinutes > 0 && journeysOf(operations).size > 0;
}

/** Whether a journey shows an API key. */
export function hasKeyedJourneys(context: Pick<RegionContext, 'settings'>, operations: readonly Operation[]): boolean {
  return hasJourneys(context, operations) && marked(operations).some(({ auth }) => auth === 'apiKey');
}

/** Declares what takes the contract's journeys from one region. */
export function takeJourneys(scope: Construct, context: RegionContext, inputs: JourneyInputs): void {
  const { operations, names, accountId, logKeyArn, variablesKeyArn } = inputs;
  const regions = [context.region, inRegion(context, otherRegion(context.regionType)).region];
  const partition = partitionOf(context.region);
  const path = parameterPath(context, JOURNEYS_KEY);
  // By name and path alone: a region's stack knows no other stack of either region, and these come before the APIs.
  const signedRoutes = marked(operations)
    .filter(({ auth }) => auth === 'iam')
    .flatMap((operation) =>
      regions.map(
        (region) =>
          `arn:${partition}:execute-api:${region}:${accountId}:*/*/${operation.method}${operation.path.replaceAll(/\{\w+\}/g, '*')}`,
      ),
    );
  new Journeys(scope, JOURNEYS, {
    name: functionName(context, JOURNEYS),
    roleName: roleName(context, JOURNEYS),
    bundle: inputs.bundleOf(JOURNEYS),
    minutes: context.settings.journeyMinutes,
    journeys: [...journeysOf(operations).keys()],
    places: placesOf(context, regions, names),
    signedRoutes,
    keyParameter: hasKeyedJourneys(context, operations)
      ? { path, arn: `arn:${partition}:ssm:${context.region}:${accountId}:parameter${path}` }
      : undefined,
    sickNameOf: (at) => journeysSickName(context, at),
    metricNamespace: prefix(context),
    logRetentionDays: context.settings.logRetentionDays,
    logKeyArn,
    variablesKeyArn,
    topicArn: inputs.topicArn,
  });
}

/** Lines of a dashboard: of each journey at each name, as one region finds it. @returns undefined where none is taken */
export function journeyLines(context: RegionContext, operations: readonly Operation[]) {
  if (!hasJourneys(context, operations)) return undefined;
  const { primaryRegion, secondaryRegion } = context.settings;
  const linesOf = (what: 'duration' | 'failed') =>
    [...journeysOf(operations).keys()].flatMap((journey) =>
      [primaryRegion, secondaryRegion, PUBLIC].map((at) => ({
        ...journeyMetric(prefix(context), what, { journey, at }),
        label: `${journey} at ${at}`,
      })),
    );
  return { failed: linesOf('failed'), duration: linesOf('duration') };
}

/** The region's own names, the other's, the public ones. */
function placesOf(
  { regionType }: RegionContext,
  regions: readonly string[],
  names: JourneyInputs['names'],
): readonly JourneyPlace[] {
  const places = [
    ...regions.map((region) => ({
      at: region,
      names: { rest: regionalName(region, names.rest), http: regionalName(region, names.http) },
    })),
    { at: PUBLIC, names },
  ];
  const first = regionType === 'primary' ? 0 : places.length;
  return places.map((place, index) => ({ ...place, digit: String(first + index) }));
}

function marked(operations: readonly Operation[]): readonly Operation[] {
  return operations.filter(({ journeys = [] }) => journeys.length > 0);
}
