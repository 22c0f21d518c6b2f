import { onTestFinished } from 'vitest';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { Failures, REGION_GONE } from '#local/failure/failure.ts';
import type { RegionalGateway } from '#local/gateway/gateway-server.ts';
import { type HttpGatewayOptions, startHttpGateway } from '#local/gateway/http/server.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import type { Invoked } from '#tests/tools/local/gateway/rest/support/gateway.ts';
import { type Answer, type RequestOptions, send } from '#tests/tools/local/gateway/rest/support/send.ts';
import { regionWith } from './model.ts';

interface TestGateway {
  readonly port: number;
  readonly log: RuntimeLog;
  readonly setFailed: (failed: boolean) => void;
  readonly setDomains: RegionalGateway['setDomains'];
  /** What was invoked, oldest first. */
  readonly invocations: Invoked[];
  /** @param path - with the stage */
  readonly send: (path: string, options?: RequestOptions) => Promise<Answer>;
  readonly warnings: () => string[];
  readonly accessLines: () => string[];
}

/** A gateway on a free port that ends with the test. Its function answers `{"fine":true}` unless a test says otherwise. */
export async function startTestGateway(
  overrides: Partial<Omit<HttpGatewayOptions, 'log' | 'port'>> = {},
): Promise<TestGateway> {
  const log = new RuntimeLog();
  const invocations: Invoked[] = [];
  const failures = new Failures();
  const invoke: InvokeFunction =
    overrides.invoke ?? (async () => ({ ok: true, requestId: 'i-1', payload: { fine: true } }));
  const gateway = await startHttpGateway({
    region: regionWith({}),
    ...overrides,
    port: 0,
    faultsOf: () => failures.faults('primary', ['region']),
    log,
    invoke: (request) => {
      invocations.push({ ...request, payload: JSON.parse(request.payload) });
      return invoke(request);
    },
  });
  onTestFinished(() => gateway.close());
  return {
    port: gateway.port,
    log,
    setFailed: (failed) => {
      if (failed) failures.set('primary', REGION_GONE);
      else failures.clear('primary');
      if (failed) gateway.breakConnections();
    },
    setDomains: gateway.setDomains,
    invocations,
    send: (path, options) => send(gateway.port, path, options),
    warnings: () => log.query(() => true).flatMap((event) => (event.kind === 'warning' ? [event.message] : [])),
    accessLines: () => log.query(() => true).flatMap((event) => (event.kind === 'access' ? [event.line] : [])),
  };
}

/** A function that returns this value. */
export function returning(payload: unknown): InvokeFunction {
  return async () => ({ ok: true, requestId: 'i-1', payload });
}
