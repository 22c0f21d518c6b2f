import { ApiGatewayV2Client, GetApisCommand, GetStagesCommand } from '@aws-sdk/client-apigatewayv2';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { httpApiId, httpStages } from '#operator/live/http-gateway.ts';

const client = new ApiGatewayV2Client({});
const gateway = mockClient(client);

describe("lists of API Gateway's version 2 (B29)", () => {
  it('are read to their last page, of whatever length AWS makes the pages', async () => {
    const api = (Name: string) => ({
      Name,
      ApiId: `id-of-${Name}`,
      ProtocolType: 'HTTP' as const,
      RouteSelectionExpression: '',
    });
    gateway.on(GetApisCommand).resolves({ Items: [api('other')], NextToken: 'more' });
    gateway.on(GetApisCommand, { NextToken: 'more' }).resolves({ Items: [api('ours')] });
    expect(await httpApiId(client, 'ours')).toBe('id-of-ours');
    expect(await httpApiId(client, 'nobody')).toBeUndefined();
    gateway.on(GetStagesCommand).resolves({ Items: [{ StageName: 'envA' }], NextToken: 'more' });
    gateway.on(GetStagesCommand, { NextToken: 'more' }).resolves({ Items: [{ StageName: 'envB' }] });
    expect([...(await httpStages(client, 'id')).keys()]).toEqual(['envA', 'envB']);
    const asked = [...gateway.commandCalls(GetApisCommand), ...gateway.commandCalls(GetStagesCommand)];
    expect(asked.map(({ args: [{ input }] }) => 'MaxResults' in input)).toEqual(asked.map(() => false));
  });
});
