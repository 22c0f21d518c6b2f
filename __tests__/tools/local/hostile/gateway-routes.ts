import { operations } from '#contract/index.ts';
import type { RuntimeSummary } from '#local/control/summary.ts';
import { targetIn } from '#operator/call/local-target.ts';
import { RawClient } from '#tests/support/hostile/raw-client.ts';
import { type Route, routeOf } from '#tests/support/hostile/routes.ts';

/** Every operation of the contract in the environment envA of both regions, with one client per gateway. */
export function routesOf(summary: RuntimeSummary): readonly Route[] {
  const clients = new Map<string, RawClient>();
  return (['primary', 'secondary'] as const).flatMap((region) =>
    operations.map((operation) => {
      const target = targetIn(summary, operation, { env: 'envA', region });
      const { host, port } = new URL(target.baseUrl);
      const client = clients.get(host) ?? new RawClient(Number(port));
      clients.set(host, client);
      return routeOf(operation, { place: region, client, target });
    }),
  );
}
