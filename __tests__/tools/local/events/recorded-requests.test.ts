import { afterAll, beforeAll, expect, it } from 'vitest';
import { identify, type Route } from '#tests/support/hostile/routes.ts';
import { routesOf } from '#tests/tools/local/hostile/gateway-routes.ts';
import { patientFunctions, type RunningStage, startStage } from '#tests/tools/local/support/running-stage.ts';

let stage: RunningStage;
let routes: readonly Route[] = [];
beforeAll(async () => {
  stage = await startStage({ terraform: patientFunctions });
  routes = routesOf(stage.summary).filter(({ operation }) => operation.id === 'post-event');
}, 60_000);
afterAll(async () => {
  for (const { client } of routes) client.close();
  await stage?.close();
});

const brackets = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

it.each([
  ['nested by the thousand', brackets(20_000)],
  ['2 MB of brackets', brackets(1_000_000)],
])('a body that is %s gets its response: recording it for a replay takes nothing from it (B18)', async (_, body) => {
  const [route] = routes;
  if (route === undefined) throw new Error('There is no post-event.');
  const request = await identify(route, { ...route.valid, body: Buffer.from(body) });
  expect(await route.client.send(request)).toMatchObject({ status: 400 });
});
