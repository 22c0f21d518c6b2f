import { once } from 'node:events';
import { onTestFinished, vi } from 'vitest';
import type { AdmitKey } from '#container/api-keys.ts';
import { type Drainable, drainable } from '#container/drain.ts';
import { createHttpServer } from '#container/http-server.ts';
import { requestLog } from '#container/request-log.ts';
import { createService, type ServiceOptions } from '#container/service.ts';
import type { Operation } from '#contract/operation.ts';
import { send } from '#tests/tools/local/gateway/rest/support/send.ts';

export const KEY = 'a-key-for-this-test-alone';

const admitKey: AdmitKey = async (key) => (key === KEY ? { fingerprint: '01234567' } : 'refused');

/** The service in this process, on a free port, with the log that it writes. Ends with the test. */
export async function startService(
  options: Partial<ServiceOptions> & Pick<ServiceOptions, 'handlers'> & { readonly operations: readonly Operation[] },
) {
  const lines = catchLog();
  const log = requestLog('container');
  const service = createService({ title: 'Test & <API>', admitKey, env: 'container', requestLog: log, ...options });
  const { listener, drain } = drainable(service);
  const server = createHttpServer(listener, {
    receiveMilliseconds: 29_000,
    keepAliveMilliseconds: 65_000,
    refusalBody: (status, error) => ({ error, requestId: log.unreadable(status) }),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    port,
    lines,
    send: (path: string, request: Parameters<typeof send>[2] = {}) => send(port, path, request),
    drain: (...[linger, deadline]: [Promise<void>, Promise<void>]): ReturnType<Drainable['drain']> =>
      drain(server, linger, deadline),
  };
}

/** What is logged until the test ends, parsed. */
function catchLog(): () => Record<string, unknown>[] {
  // Powertools logs to the global console in development mode.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  const spies = (['debug', 'info', 'warn', 'error'] as const).map((level) =>
    vi.spyOn(console, level).mockReturnValue(),
  );
  onTestFinished(() => {
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  });
  return () => spies.flatMap(({ mock }) => mock.calls.map(([line]) => JSON.parse(String(line))));
}
