import * as z from 'zod/mini';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { RegionModel, RegionType } from '#local/model/model.ts';
import type { MetricStore } from './metric-store.ts';

const embedded = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});

/**
 * Puts what functions write as metrics into their log, in the period in which they write it.
 *
 * Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format".
 */
export function takeEmbeddedMetrics(
  log: Pick<RuntimeLog, 'subscribe'>,
  store: MetricStore,
  regions: Readonly<Record<RegionType, Pick<RegionModel, 'region'>>>,
): () => void {
  return log.subscribe((event) => {
    if (event.kind !== 'function' || !event.line.includes('"CloudWatchMetrics"')) return;
    const line = embedded.safeParse(parsed(event.line)).data;
    if (line === undefined) return;
    const { region } = regions[event.region];
    for (const { Namespace: namespace, Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
      for (const names of Dimensions) {
        const dimensions = Object.fromEntries(names.map((name) => [name, String(line[name])]));
        for (const { Name: name } of Metrics) {
          const value = line[name];
          if (typeof value === 'number') store.put({ region, namespace, name, dimensions }, value);
        }
      }
    }
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line.slice(line.indexOf('{')));
  } catch {
    return undefined;
  }
}
