import { compareServers } from './compare-servers.ts';
import { localRuntimeCommand } from './local-runtime.ts';
import { prepareServerlessOffline } from './peers/serverless-offline.ts';

/*
 * The local runtime on an operation that touches no data and asks for no key, beside bare node:http and serverless-offline with the same handler.
 */

const PORT = 27_200;
const PEER_PORT = 27_230;
const BARE_PORT = 27_240;

const service = `functions:
  healthcheck:
    handler: functions/healthcheck.handler
    environment: { STAGE: dev, REGION_TYPE: primary, AWS_REGION: eu-central-1 }
    events: [{ http: { method: get, path: /healthcheck } }]
`;
await compareServers('GET /healthcheck?shallow', { method: 'GET' }, [
  {
    name: 'local runtime',
    url: `http://127.0.0.1:${PORT + 1}/envA/healthcheck?shallow`,
    ...localRuntimeCommand(PORT),
  },
  {
    name: 'bare node:http',
    url: `http://127.0.0.1:${BARE_PORT}/`,
    command: ['node', 'bench/peers/bare-http.mjs', String(BARE_PORT)],
  },
  {
    name: 'serverless-offline 13',
    url: `http://localhost:${PEER_PORT}/healthcheck?shallow`,
    ...(await prepareServerlessOffline({ port: PEER_PORT, functions: ['healthcheck'], service })),
  },
]);
