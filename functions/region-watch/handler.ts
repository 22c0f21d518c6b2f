import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { ROUTE_KEY, readRoute } from '#contract/route-document.ts';
import { askHost } from '#functions/adapters/ask-host.ts';
import { clientSettings } from '#functions/adapters/client-settings.ts';
import { s3Route } from '#functions/adapters/s3-route.ts';
import { readRegion } from '#functions/environment.ts';
import { writeMetrics } from '#functions/metric-line.ts';
import { type JudgePorts, judgeRegion, type Verdict } from './judge-region.ts';

const urls = z.array(z.string());

/** Variables of the function, set by its stack; the last by the local runtime alone. */
const variables = z.object({
  MODE: z.enum(['automatic', 'watch']),
  OTHER_REGION: z.string(),
  /** JSON lists of URLs that respond with 200 where the region's data is reached: of the other region, of this one, by the public names. */
  OTHER_CHECKS: z.string(),
  OWN_CHECKS: z.string(),
  PUBLIC_CHECKS: z.string(),
  /** JSON list of the other region's alarms that say "sick". */
  SICK_ALARMS: z.string(),
  /** Of this region: say that journeys fail at the other region's own names, and at this one's. @default - nobody takes journeys */
  OTHER_JOURNEYS_ALARM: z.optional(z.string()),
  OWN_JOURNEYS_ALARM: z.optional(z.string()),
  /** Of this region: counts the looks that found the other one ill. */
  ALARM_NAME: z.string(),
  ROUTE_BUCKET: z.string(),
  OTHER_ROUTE_HOST: z.string(),
  METRIC_NAMESPACE: z.string(),
  METRIC_NAME: z.string(),
  HOST_ENDPOINTS: z.optional(z.string()),
});

const responder = z.object({ region: z.string() });
const TIMEOUT_MS = 5000;

function compose(): JudgePorts & { readonly namespace: string; readonly metric: string } {
  const values = variables.parse(process.env);
  const { HOST_ENDPOINTS, OTHER_REGION, OTHER_ROUTE_HOST } = values;
  const listIn = (text: string) => urls.parse(JSON.parse(text));
  const ask = (url: string) =>
    askHost(url, { timeoutMs: TIMEOUT_MS, endpoints: HOST_ENDPOINTS }).catch(() => undefined);
  const respond = (checks: string) => Promise.all(listIn(checks).map(ask));
  const settings = clientSettings({ maxAttempts: 2, connectMs: 1000, attemptMs: 3000 });
  const alarmsOf = (region: string) => {
    const endpoint: unknown = Reflect.get(
      Object(JSON.parse(HOST_ENDPOINTS ?? '{}')),
      `monitoring.${region}.amazonaws.com`,
    );
    return new CloudWatchClient({ ...settings, region, ...(typeof endpoint === 'string' && { endpoint }) });
  };
  const [here, there] = [alarmsOf(readRegion()), alarmsOf(OTHER_REGION)];
  const journeysFail = async (alarm: string | undefined) =>
    alarm !== undefined && (await sickVerdict(here, [alarm])) === 'ill';
  return {
    mode: values.MODE,
    observers: {
      probe: async () => {
        if (!(await respond(values.OTHER_CHECKS)).every(isWell)) return 'ill';
        return (await journeysFail(values.OTHER_JOURNEYS_ALARM)) ? 'ill' : 'well';
      },
      publicNames: async () => publicVerdict(await respond(values.PUBLIC_CHECKS)),
      alarms: () => sickVerdict(there, listIn(values.SICK_ALARMS)),
    },
    isWellHere: async () =>
      (await respond(values.OWN_CHECKS)).every(isWell) && !(await journeysFail(values.OWN_JOURNEYS_ALARM)),
    alarmSince: async () => {
      const command = new DescribeAlarmsCommand({ AlarmNames: [values.ALARM_NAME], StateValue: 'ALARM' });
      const [alarm] = (await here.send(command)).MetricAlarms ?? [];
      return alarm?.StateTransitionedTimestamp ?? alarm?.StateUpdatedTimestamp;
    },
    own: s3Route(new S3Client(settings), values.ROUTE_BUCKET),
    opposite: async () => {
      const response = await ask(`https://${OTHER_ROUTE_HOST}/${ROUTE_KEY}`);
      return response?.status === 200 ? readRoute(response.body)?.route : undefined;
    },
    now: () => new Date(),
    namespace: values.METRIC_NAMESPACE,
    metric: values.METRIC_NAME,
  };
}

type Response = Awaited<ReturnType<typeof askHost>> | undefined;

function isWell(response: Response): boolean {
  return response?.status === 200;
}

/** Names that lead here have left the other region already. */
function publicVerdict(responses: readonly Response[]): Verdict {
  const there = responses.filter((response) => response !== undefined && regionIn(response.body) !== readRegion());
  if (there.some((response) => response !== undefined && response.status >= 500)) return 'ill';
  return there.some(isWell) ? 'well' : 'unknown';
}

function regionIn(body: string): string | undefined {
  try {
    return responder.safeParse(JSON.parse(body)).data?.region;
  } catch {
    return undefined;
  }
}

async function sickVerdict(client: CloudWatchClient, AlarmNames: string[]): Promise<Verdict> {
  const command = new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['CompositeAlarm'] });
  const asked = await client.send(command).catch(() => undefined);
  if (!asked?.CompositeAlarms?.length) return 'unknown';
  return asked.CompositeAlarms.some(({ StateValue }) => StateValue === 'ALARM') ? 'ill' : 'well';
}

let composed: ReturnType<typeof compose> | undefined;

/** Looks once, and writes one line that is log and metric: 1 while two of three observers say that the other region is ill. */
export async function handler(): Promise<void> {
  composed ??= compose();
  const { namespace, metric, now } = composed;
  const { outcome, isIll, verdicts } = await judgeRegion(composed);
  const metrics = { [metric]: { value: isIll ? 1 : 0 } };
  writeMetrics({ namespace, at: now(), metrics, fields: { outcome, verdicts } });
}
