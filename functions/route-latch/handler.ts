import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { HEALTH_ROUTES, SHALLOW_QUERY } from '#contract/health-routes.ts';
import { ROUTE_KEY, readRoute } from '#contract/route-document.ts';
import { askHost } from '#functions/adapters/ask-host.ts';
import { clientSettings } from '#functions/adapters/client-settings.ts';
import { s3Route } from '#functions/adapters/s3-route.ts';
import { readRegion } from '#functions/environment.ts';
import { writeMetrics } from '#functions/metric-line.ts';
import { holdTraffic, type LatchPorts } from './hold-traffic.ts';

/** Variables of the function, all of them set by its stack. */
const variables = z.object({
  PUBLIC_NAME: z.string(),
  /** Of this region. */
  ROUTE_BUCKET: z.string(),
  /** Where everybody may read what the other region says of this one. */
  OTHER_ROUTE_HOST: z.string(),
  METRIC_NAMESPACE: z.string(),
  METRIC_NAME: z.string(),
  HOST_ENDPOINTS: z.optional(z.string()),
});

const responder = z.object({ region: z.string() });
const TIMEOUT_MS = 5000;

function compose(): LatchPorts & { readonly namespace: string; readonly metric: string } {
  const { PUBLIC_NAME, ROUTE_BUCKET, OTHER_ROUTE_HOST, METRIC_NAMESPACE, METRIC_NAME, HOST_ENDPOINTS } =
    variables.parse(process.env);
  const ask = (url: string) => askHost(url, { timeoutMs: TIMEOUT_MS, endpoints: HOST_ENDPOINTS });
  return {
    region: readRegion(),
    responding: async () => {
      const response = await ask(`https://${PUBLIC_NAME}${HEALTH_ROUTES.rest.path}${SHALLOW_QUERY}`).catch(
        () => undefined,
      );
      return response?.status === 200 ? responder.parse(JSON.parse(response.body)).region : undefined;
    },
    own: s3Route(new S3Client(clientSettings({ maxAttempts: 2, connectMs: 1000, attemptMs: 3000 })), ROUTE_BUCKET),
    opposite: async () => {
      const response = await ask(`https://${OTHER_ROUTE_HOST}/${ROUTE_KEY}`).catch(() => undefined);
      return response?.status === 200 ? readRoute(response.body)?.route : undefined;
    },
    now: () => new Date(),
    namespace: METRIC_NAMESPACE,
    metric: METRIC_NAME,
  };
}

let composed: ReturnType<typeof compose> | undefined;

/** Looks once, and writes one line that is log and metric: 1 while traffic keeps away from the other region. */
export async function handler(): Promise<void> {
  composed ??= compose();
  const { namespace, metric, now } = composed;
  const { outcome, route } = await holdTraffic(composed);
  const metrics = { [metric]: { value: route === 'away' ? 1 : 0 } };
  writeMetrics({ namespace, at: now(), metrics, fields: { outcome } });
}
