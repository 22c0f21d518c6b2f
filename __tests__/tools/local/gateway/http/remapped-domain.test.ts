import { expect, it } from 'vitest';
import { startTestGateway } from './support/gateway.ts';
import { API_ID, httpApi, REGION, regionWith, route } from './support/model.ts';

const domainTo = (stage: string) => ({
  domainName: 'events.example.com',
  regionalDomainName: `d-1.execute-api.${REGION}.amazonaws.com`,
  mappings: [{ basePath: '', apiId: API_ID, stage }],
});

it('S0.12: a custom domain that is mapped anew leads to the other stage from the next request on', async () => {
  const region = regionWith({}, { httpApis: [httpApi({ routes: [route('$default')] })], domains: [domainTo('envA')] });
  const gateway = await startTestGateway({ region });
  const ask = () => gateway.send('/events', { headers: { host: 'events.example.com' } });
  expect((await ask()).status).toBe(200);
  gateway.setDomains([domainTo('envB')]);
  expect((await ask()).status).toBe(200);
  expect(gateway.invocations.map(({ qualifier }) => qualifier)).toEqual(['envA', 'envB']);
});
