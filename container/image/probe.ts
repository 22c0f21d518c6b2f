import { get } from 'node:http';
import { readSettings } from '#container/settings.ts';

/** How long the service may take. The load balancer and ECS ask again; one slow response ends no task. */
const PROBE_MILLISECONDS = 2000;

/** Exits with 0 when the service in this container answers the shallow health check, else with 1. */
get(
  { host: '127.0.0.1', port: readSettings().port, path: '/healthcheck?shallow=true', timeout: PROBE_MILLISECONDS },
  ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1),
)
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
