import { Construct } from 'constructs';
import type { FunctionBundle } from '#constructs/bundle/function-bundle.ts';
import { type FunctionKeys, scheduledFunction } from '#constructs/scheduled-function.ts';
import { PUBLIC } from '#contract/journeys.ts';
import type { Operation } from '#contract/operation.ts';
import { type Metric, MetricAlarm } from './metric-alarm.ts';
import { SickAlarm } from './sick-alarm.ts';

/** A name that journeys are taken at. */
export interface JourneyPlace {
  /** AWS region whose own names they are, or `public`. */
  readonly at: string;
  /** `eu-central-1.api.example.com`, and of the HTTP API. */
  readonly names: Readonly<Record<Operation['api'], string>>;
  /** A digit that no other place has, of this region or the other one: data of journeys are told apart by it. */
  readonly digit: string;
}

export interface JourneysProps extends FunctionKeys {
  /** Of the function and its schedule, and what its alarms' names start with. */
  readonly name: string;
  readonly roleName: string;
  readonly bundle: FunctionBundle;
  /** How often they are taken. */
  readonly minutes: number;
  /** Names of those that the contract marks. */
  readonly journeys: readonly string[];
  readonly places: readonly JourneyPlace[];
  /** `execute-api` ARNs of the operations that want a signature. */
  readonly signedRoutes: readonly string[];
  /** Of the API key, in this region's Parameter Store. @default - no journey needs one */
  readonly keyParameter?: { readonly path: string; readonly arn: string } | undefined;
  /** Name of the alarm that says that journeys fail at a name. */
  readonly sickNameOf: (at: string) => string;
  /** `<app>-<stage>`: of the metrics. */
  readonly metricNamespace: string;
  readonly logRetentionDays: number;
  readonly topicArn: string;
}

const METRICS = { failed: 'JourneyFailed', duration: 'JourneyDuration', taken: 'JourneysTaken' } as const;

/** Of one journey at one name: 1 where it failed, or how long it took in milliseconds. */
export function journeyMetric(
  namespace: string,
  what: 'duration' | 'failed',
  { journey, at }: { readonly journey: string; readonly at: string },
): Metric {
  return { namespace, name: METRICS[what], dimensions: { Journey: journey, At: at }, statistic: 'Maximum' };
}

/**
 * Takes the contract's journeys as a client would, in this region: at its own names, at the other region's and at the public ones. They call each
 * function of a region that stands by, and see what no health check does: names, certificates, keys, signatures, writes.
 *
 * A failure tells by one alarm per name. That the function is silent is no failure of a name, and has an alarm of its own.
 */
export class Journeys extends Construct {
  constructor(scope: Construct, id: string, props: JourneysProps) {
    super(scope, id);
    const { name, minutes, journeys, places, keyParameter, metricNamespace: namespace, topicArn } = props;
    scheduledFunction(this, {
      name,
      roleName: props.roleName,
      description: "Takes the contract's journeys at the public names and at both regions' own, as a client would",
      bundle: props.bundle,
      minutes,
      variables: {
        PLACES: JSON.stringify(
          places.map(({ at, names: { rest, http }, digit }) => ({
            at,
            urls: { rest: `https://${rest}`, http: `https://${http}` },
            digit,
          })),
        ),
        ...(keyParameter && { API_KEY_PARAMETER: keyParameter.path }),
        METRIC_NAMESPACE: namespace,
      },
      permissions: [
        ...(props.signedRoutes.length > 0
          ? [{ actions: ['execute-api:Invoke'], resources: [...props.signedRoutes] }]
          : []),
        ...(keyParameter ? [{ actions: ['ssm:GetParameter'], resources: [keyParameter.arn] }] : []),
      ],
      logRetentionDays: props.logRetentionDays,
      logKeyArn: props.logKeyArn,
      variablesKeyArn: props.variablesKeyArn,
    });
    const periodSeconds = minutes * 60;
    for (const { at } of places) {
      const alarms = journeys.map(
        (journey) =>
          new MetricAlarm(this, `${at}-${journey}`, {
            alarmName: `${name}-${at}-${journey}`,
            description: `The journey ${journey} fails at ${at === PUBLIC ? 'the public names' : `${at}'s own names`}. At which step, the log of ${name} says.`,
            watched: { ...journeyMetric(namespace, 'failed', { journey, at }), periodSeconds },
            above: 0,
            // What was not asked has not failed: the alarm on silence says so.
            missingData: 'notBreaching',
          }),
      );
      new SickAlarm(this, `${at}-sick`, {
        alarmName: props.sickNameOf(at),
        description: `Journeys of the contract fail at ${at === PUBLIC ? 'the public names' : `${at}'s own names`}: which ones, two-region alarms says.`,
        alarms,
        topicArn,
      });
    }
    new MetricAlarm(this, 'silence', {
      alarmName: `${name}-silence`,
      description: `Nobody takes the contract's journeys here: ${name} does not run, or fails before it asks. Whether clients are served is not known.`,
      watched: { namespace, name: METRICS.taken, dimensions: {}, statistic: 'Sum', periodSeconds },
      below: 1,
      periods: { bad: 3, of: 3 },
      missingData: 'breaching',
      topicArn,
    });
  }
}
