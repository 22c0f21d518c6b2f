import { expect } from 'vitest';
import { containerOperations } from '#container/operations.ts';
import { operations } from '#contract/index.ts';
import { targetIn } from '#operator/call/local-target.ts';
import { judge } from '#tests/support/hostile/judge.ts';
import type { Mistake } from '#tests/support/hostile/mistakes.ts';
import { RawClient } from '#tests/support/hostile/raw-client.ts';
import { type Route, routeOf } from '#tests/support/hostile/routes.ts';
import type { RunningStage } from '#tests/tools/local/support/running-stage.ts';

/** An operation of the container, and the same one at the REST API of the primary region. */
export interface Pair {
  readonly container: Route;
  readonly gateway: Route;
}

/** More than a machine can send, so that no request is refused for coming too fast. */
export const RAISED = { THROTTLE_RATE_LIMIT: '1000000', THROTTLE_BURST_LIMIT: '1000000', QUOTA_LIMIT: '1000000000' };

/** What a container that listens at a port serves, beside a stage. */
export function pairsOf({ summary }: RunningStage, port: number): readonly Pair[] {
  const client = new RawClient(port);
  const clients = new Map<string, RawClient>();
  return containerOperations(operations).map((operation) => {
    const target = targetIn(summary, operation, { env: 'envA', region: 'primary' });
    const at = new URL(target.baseUrl).port;
    const gatewayClient = clients.get(at) ?? new RawClient(Number(at));
    clients.set(at, gatewayClient);
    const baseUrl = `http://127.0.0.1:${port}`;
    return {
      container: routeOf(operation, { place: 'the container', client, target: { ...target, baseUrl } }),
      gateway: routeOf(operation, { place: 'primary', client: gatewayClient, target }),
    };
  });
}

/** Makes a mistake at both, and holds the container's response against the gateway's. */
export async function expectSameRefusal(pairs: readonly Pair[], { make }: Mistake): Promise<void> {
  for (const { container, gateway } of pairs) {
    const request = await make(container, container.valid);
    const same = await make(gateway, gateway.valid);
    if (!request || !same) continue;
    const answer = await container.client.send(request);
    judge(container, request, answer);
    const expected = await gateway.client.send(same);
    expect(answer.status, `${container.operation.id}: ${answer.body.slice(0, 300)}`).toBe(expected.status);
    if (answer.status >= 400 && expected.body.startsWith('{"error"')) {
      expect(Object.keys(JSON.parse(answer.body))).toEqual(['error', 'requestId']);
    }
  }
}

export function closeClients(pairs: readonly Pair[]): void {
  for (const { container, gateway } of pairs) for (const { client } of [container, gateway]) client.close();
}
