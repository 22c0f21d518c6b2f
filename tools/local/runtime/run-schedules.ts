import { randomUUID } from 'node:crypto';
import { regionalName } from '#contract/regional-name.ts';
import { ACCOUNT_ID } from '#local/aws-endpoint/authorize.ts';
import type { Failures } from '#local/failure/failure.ts';
import type { Service } from '#local/http/listen.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import type { LambdaFunction, LocalModel, RegionModel, RegionType, Schedule } from '#local/model/model.ts';
import { bucketHost } from '#stacks/settings/partitions.ts';
import type { ServiceUrls } from './aws-services.ts';

const MINUTE_MILLISECONDS = 60_000;

/** Names that have no servers on this machine, and where what they lead to is: for functions that ask others by name. */
export function hostEndpoints(
  { regions }: LocalModel,
  publicNames: readonly {
    readonly kind: 'http' | 'rest';
    readonly name: string;
    readonly entry: { readonly url: string };
  }[],
  urls: Readonly<Record<RegionType, ServiceUrls>>,
  ports: Readonly<Record<RegionType, Readonly<Partial<Record<'http' | 'rest', number>>>>>,
): Readonly<Record<string, string>> {
  const buckets = Object.values(regions).flatMap(({ type, region, buckets: all }) =>
    all.filter(({ publicObjects }) => publicObjects).map(({ name }) => [bucketHost(name, region), urls[type].s3 ?? '']),
  );
  const ofRegions = Object.values(regions).flatMap(({ type, region }) => [
    [`monitoring.${region}.amazonaws.com`, urls[type].cloudwatch ?? ''],
    ...publicNames.map(({ kind, name }) => [regionalName(region, name), `http://127.0.0.1:${ports[type][kind]}`]),
  ]);
  const entries = publicNames.map(({ name, entry }) => [name, entry.url]);
  return Object.fromEntries([...entries, ...buckets, ...ofRegions]);
}

/**
 * Invokes the functions that a region's schedules name, at their rate in AWS's time: first a period after the start, in the secondary region half of one,
 * as rules of two regions never keep step. A run that has not ended when the next one is due takes its place, and while all of the region fails nothing
 * in it is invoked. To functions that reckon with time it is told how fast that passes.
 */
export function runSchedules(options: {
  readonly model: RegionModel;
  readonly invokerOf: (model: RegionModel) => { readonly invoke: InvokeFunction };
  /** Of {@link hostEndpoints}. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly failures: Failures;
  readonly timeScale: number;
}): Service {
  const { model, failures, timeScale } = options;
  const told = { HOST_ENDPOINTS: JSON.stringify(options.endpoints), TIME_SCALE: String(timeScale) };
  const isScheduled = ({ name }: LambdaFunction) =>
    (model.schedules ?? []).some(({ functionName }) => functionName === name);
  // No others: a debugger would find the processes of these in the place of those that serve requests.
  const functions = model.functions
    .filter(isScheduled)
    .map((each) => ({ ...each, environment: { ...each.environment, ...told } }));
  const { invoke } = options.invokerOf({ ...model, functions });
  const isGone = () => failures.faults(model.type, ['region']).mode() !== undefined;
  const stops = (model.schedules ?? []).map((schedule) => {
    let running = false;
    const run = async () => {
      if (running || isGone()) return;
      running = true;
      const payload = JSON.stringify(scheduledEvent(schedule, model.region));
      await invoke({ functionName: schedule.functionName, qualifier: '$LATEST', payload }).catch(() => undefined);
      running = false;
    };
    const period = (schedule.rateMinutes * MINUTE_MILLISECONDS) / timeScale;
    const start = () => {
      void run();
      timer = setInterval(() => void run(), period).unref();
    };
    let timer = setTimeout(start, model.type === 'secondary' ? period / 2 : period).unref();
    return () => clearTimeout(timer);
  });
  return {
    close: async () => {
      for (const stop of stops) stop();
    },
  };
}

/** Source: Amazon EventBridge User Guide, "Events from AWS services", scheduled events. */
function scheduledEvent({ ruleArn }: Schedule, region: string) {
  const sent = { version: '0', id: randomUUID(), 'detail-type': 'Scheduled Event', source: 'aws.events' };
  return { ...sent, account: ACCOUNT_ID, time: new Date().toISOString(), region, resources: [ruleArn], detail: {} };
}
