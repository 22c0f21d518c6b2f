import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { afterEach, describe, expect, it } from 'vitest';
import { httpRoutes } from '#operator/live/http-gateway.ts';
import { restRoutes } from '#operator/live/rest-gateway.ts';
import { type AwsAnswer, type AwsEndpoint, startAwsEndpoint } from '#tests/support/aws-endpoint.ts';

let aws: AwsEndpoint | undefined;
afterEach(() => aws?.close());

async function settingsFor(answer: AwsAnswer) {
  aws = await startAwsEndpoint(answer);
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  return { endpoint: aws.url, region: 'eu-central-1', credentials };
}

describe('the routes that a gateway serves (B12)', () => {
  it("are the REST deployment's own copy, not the API's present resources", async () => {
    const apiSummary = { '/test': { GET: { authorizationType: 'NONE' } }, '/user/{id}': { GET: {}, POST: {} } };
    const body = JSON.stringify({ id: 'd', apiSummary });
    const client = new APIGatewayClient(await settingsFor(() => ({ status: 200, body })));
    expect(await restRoutes(client, 'api', 'd')).toEqual(new Set(['GET /test', 'GET /user/{id}', 'POST /user/{id}']));
    expect(aws?.requests[0]?.path).toBe('/restapis/api/deployments/d?embed=apisummary');
  });

  it("are what the HTTP API's stage is exported with", async () => {
    const body = JSON.stringify({ openapi: '3.0.1', paths: { '/events': { get: {}, post: {} } } });
    const client = new ApiGatewayV2Client(await settingsFor(() => ({ status: 200, body })));
    expect(await httpRoutes(client, 'api', 'envA')).toEqual(new Set(['GET /events', 'POST /events']));
    expect(aws?.requests[0]?.path).toMatch(/^\/v2\/apis\/api\/exports\/OAS30\?.*stageName=envA/);
  });

  it('are not known where there is no such thing, or no such question', async () => {
    const settings = await settingsFor(() => ({ status: 404, body: '<!doctype html>' }));
    expect(await httpRoutes(new ApiGatewayV2Client(settings), 'api', 'envA')).toBeUndefined();
    expect(await restRoutes(new APIGatewayClient(settings), 'api', 'd')).toBeUndefined();
  });
});
