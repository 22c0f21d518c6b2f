import { describe, expect, it } from 'vitest';
import { compileRoutes } from '#local/gateway/http/match-route.ts';

function matcher(...routeKeys: string[]) {
  return compileRoutes(routeKeys.map((routeKey) => ({ routeKey, route: routeKey })));
}

describe('S2.1: the route of an HTTP API', () => {
  // Amazon API Gateway Developer Guide, "Routing API requests"; in two orders, since the order of declaration must not matter.
  const documented = ['GET /pets/dog/1', 'GET /pets/dog/{id}', 'GET /pets/{proxy+}', 'ANY /{proxy+}', '$default'];
  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
    ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
    ['POST', '/pets/dog/1', 'ANY /{proxy+}', { proxy: 'pets/dog/1' }],
    ['GET', '/', '$default', {}],
    ['PROPFIND', '/pets', '$default', {}],
  ])('%s %s is for %s', (method, path, route, pathParameters) => {
    for (const match of [matcher(...documented), matcher(...documented.reverse())]) {
      expect(match(method, path)).toEqual({ route, pathParameters });
    }
  });

  it.each([
    [['ANY /a', 'GET /a'], 'GET', '/a', 'GET /a'],
    [['ANY /a', 'GET /a'], 'POST', '/a', 'ANY /a'],
    [['GET /{x}', 'ANY /a'], 'GET', '/a', 'ANY /a'],
    [['GET /{x}/b', 'GET /a/{y}'], 'GET', '/a/b', 'GET /a/{y}'],
    [['GET /{proxy+}', 'GET /{x}/{proxy+}'], 'GET', '/a/b', 'GET /{x}/{proxy+}'],
    [['GET /{x}/{proxy+}', 'GET /a/{proxy+}'], 'GET', '/a/b', 'GET /a/{proxy+}'],
    [['GET /a/{proxy+}'], 'GET', '/a/', 'GET /a/{proxy+}'],
    [['GET /'], 'GET', '/', 'GET /'],
  ])('of %j, %s %s is for %s', (routes, method, path, expected) => {
    expect(matcher(...routes)(method, path)?.route).toBe(expected);
    expect(matcher(...routes.reverse())(method, path)?.route).toBe(expected);
  });

  it.each([
    [['GET /events'], 'POST', '/events'],
    [['GET /events'], 'GET', '/events/'],
    [['GET /events'], 'GET', '/Events'],
    [['GET /events'], 'GET', '/events/1'],
    [['GET /pets/{id}'], 'GET', '/pets/'],
    [['GET /pets/{proxy+}'], 'GET', '/pets'],
    [['ANY /{proxy+}'], 'GET', '/'],
    [['ANY /a'], 'PROPFIND', '/a'],
    [[], 'GET', '/'],
  ])('of %j there is none for %s %s', (routes, method, path) => {
    expect(matcher(...routes)(method, path)).toBeUndefined();
  });

  it('keeps a variable of any name and value apart from what objects inherit', () => {
    const { pathParameters } = matcher('GET /{__proto__}/{toString}')('GET', '/constructor/x') ?? {};
    expect(JSON.stringify(pathParameters)).toBe('{"__proto__":"constructor","toString":"x"}');
  });
});
