import { once } from 'node:events';
import { SSMClient } from '@aws-sdk/client-ssm';
import { operations } from '#contract/index.ts';
import { clientSettings } from '#functions/adapters/client-settings.ts';
import { ssmParameterStore } from '#functions/adapters/ssm-parameter-store.ts';
import { type Access, readEnvironment, readRegion } from '#functions/environment.ts';
import { errorReason } from '#functions/error-reason.ts';
import { apiKeys } from './api-keys.ts';
import { corsHandlers } from './cors.ts';
import { drainable } from './drain.ts';
import { loadHandlers } from './handlers.ts';
import { createHttpServer } from './http-server.ts';
import { containerOperations, SERVICE_ACCESS } from './operations.ts';
import { type RequestLog, requestLog } from './request-log.ts';
import { createService } from './service.ts';
import { readSettings, type ServiceSettings } from './settings.ts';

const CONTAINER = { name: 'The container', remedy: 'docs/container.md says what each variable names.' };

/** A key that was taken back is refused, and a new one admitted, within this time. */
const KEYS_LIFETIME_MILLISECONDS = 5000;

/** From its first byte to its last: as long as an operation may take at most. */
const RECEIVE_MILLISECONDS = 29_000;

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());

/** Serves until SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const logged = requestLog('container');
  const { log } = logged;
  process.once('uncaughtException', (error) => {
    log.error('The service fails', { error });
    process.exit(1);
  });
  try {
    const settings = readSettings();
    const { listener, drain } = drainable(await compose(settings, logged));
    const server = createHttpServer(listener, {
      receiveMilliseconds: RECEIVE_MILLISECONDS,
      keepAliveMilliseconds: settings.keepAliveMilliseconds,
      refusalBody: (status, error) => ({ error, requestId: logged.unreadable(status) }),
    });
    server.listen(settings.port, settings.host);
    await once(server, 'listening');
    const address = server.address();
    log.info('Listening', { port: typeof address === 'object' ? address?.port : settings.port });
    const signal = await Promise.race(['SIGTERM', 'SIGINT'].map((name) => once(process, name).then(() => name)));
    log.info('Ending: what is under way is finished', { signal });
    const broken = await drain(server, wait(settings.lingerMilliseconds), wait(settings.drainMilliseconds));
    if (broken > 0) log.warn('Requests were broken off', { requests: broken });
    log.info('Ended', { requests: broken });
    process.exit(broken > 0 ? 1 : 0);
  } catch (error) {
    log.error('The service cannot start', { reason: errorReason(error) });
    process.exit(error instanceof Error && 'exitCode' in error ? Number(error.exitCode) : 1);
  }
}

async function compose(settings: ServiceSettings, logged: RequestLog) {
  const served = containerOperations(operations);
  // All that is missing is said at the start, not by the first request.
  const needed: Access = {};
  for (const operation of served) Object.assign(needed, operation.access);
  const { API_KEYS_PARAMETER: parameter } = readEnvironment({ ...needed, ...SERVICE_ACCESS }, process.env, CONTAINER);
  readRegion();
  const store = ssmParameterStore(new SSMClient(clientSettings({ maxAttempts: 2, connectMs: 1000, attemptMs: 2000 })));
  return createService({
    title: settings.appName,
    operations: served,
    handlers: await loadHandlers(served),
    admitKey: apiKeys({
      read: () => store.read(parameter),
      lifetimeMs: KEYS_LIFETIME_MILLISECONDS,
      onFailure: (message, error) => logged.log.error(message, { parameter, error }),
    }),
    env: settings.apiEnvironment,
    cors: corsHandlers(process.env.CORS),
    requestLog: logged,
  });
}

main();
