import { startAwsEndpoint } from '#tests/support/aws-endpoint.ts';
import { compareServers } from './compare-servers.ts';
import { localRuntimeCommand } from './local-runtime.ts';
import { prepareServerlessOffline } from './peers/serverless-offline.ts';

/*
 * The local runtime with all that a gateway governs: POST /string/replace with API key, usage plan, request validator and model, beside
 * serverless-offline with the same handler, key and schema, and bare node:http, which reads the body and answers the same text.
 */

const PORT = 27_300;
const PEER_PORT = 27_330;
const BARE_PORT = 27_340;
const apiKey = 'local-only-api-key-for-both-regions';
const replacements = '{"colour":"color","centre":"center"}';

// Where the peer's handler reads its parameter: once in five seconds.
const parameters = await startAwsEndpoint(() => ({
  status: 200,
  body: JSON.stringify({ Parameter: { Value: replacements } }),
}));
const schema = {
  type: 'object',
  properties: { content: { type: 'string', maxLength: 1_000_000 } },
  required: ['content'],
};
const service = `functions:
  string-replace:
    handler: functions/string-replace.handler
    environment:
      REPLACEMENT_MAP_PARAMETER: replacement_map
      AWS_REGION: eu-central-1
      AWS_ACCESS_KEY_ID: AKIDEXAMPLE
      AWS_SECRET_ACCESS_KEY: secret
      AWS_ENDPOINT_URL: ${parameters.url}
    events:
      - http:
          method: post
          path: /string/replace
          private: true
          request: { schemas: { application/json: ${JSON.stringify(schema)} } }
`;
await compareServers(
  'POST /string/replace with key, usage plan, validator and model',
  {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: '{"content":"The colour of the centre"}',
    expectedBody: '{"content":"The color of the center"}',
  },
  [
    {
      name: 'local runtime',
      url: `http://127.0.0.1:${PORT + 1}/envA/string/replace`,
      ...localRuntimeCommand(PORT),
    },
    {
      name: 'bare node:http',
      url: `http://127.0.0.1:${BARE_PORT}/`,
      command: ['node', 'bench/peers/bare-http.mjs', String(BARE_PORT), '{"content":"The color of the center"}'],
    },
    {
      name: 'serverless-offline 13',
      url: `http://localhost:${PEER_PORT}/string/replace`,
      ...(await prepareServerlessOffline({ port: PEER_PORT, functions: ['string-replace'], apiKey, service })),
    },
  ],
).finally(() => parameters.close());
