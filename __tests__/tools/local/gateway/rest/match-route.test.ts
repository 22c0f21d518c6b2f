import { describe, expect, it } from 'vitest';
import { compileRoutes } from '#local/gateway/rest/match-route.ts';

const routes = [
  ['GET', '/'],
  ['GET', '/user/{id}'],
  ['POST', '/user/me'],
  ['ANY', '/files/{proxy+}'],
  ['GET', '/files/{proxy+}'],
  ['GET', '/a/{x}/c'],
  ['GET', '/a/b/d'],
  ['GET', '/docs/über'],
] as const;
const match = compileRoutes(
  routes.map(([httpMethod, resourcePath]) => ({ httpMethod, resourcePath, route: `${httpMethod} ${resourcePath}` })),
);

describe('route matching', () => {
  it.each([
    ['GET', '/', 'GET /', {}],
    ['GET', '/user/42', 'GET /user/{id}', { id: '42' }],
    ['GET', '/user/42/', 'GET /user/{id}', { id: '42' }],
    ['GET', '/user/a%2Fb', 'GET /user/{id}', { id: 'a%2Fb' }],
    ['POST', '/user/me', 'POST /user/me', {}],
    ['PUT', '/files/a/b/c', 'ANY /files/{proxy+}', { proxy: 'a/b/c' }],
    ['GET', '/files/a', 'GET /files/{proxy+}', { proxy: 'a' }],
    ['GET', '/files//a', 'GET /files/{proxy+}', { proxy: '/a' }],
    ['GET', '/a/b/c', 'GET /a/{x}/c', { x: 'b' }],
    ['GET', '/a/b/d', 'GET /a/b/d', {}],
    ['GET', '/docs/%C3%BCber', 'GET /docs/über', {}],
  ])('leads %s %s to %s', (method, path, route, pathParameters) => {
    expect(match(method, path)).toEqual({ route, pathParameters });
  });

  it.each([
    ['GET', '/user', 'no resource has that path'],
    ['GET', '/user/me', 'the more specific resource lacks the method, and the less specific one is not tried'],
    ['HEAD', '/user/42', 'HEAD is not GET'],
    ['TRACE', '/files/a', 'ANY does not stand for TRACE'],
    ['GET', '/files', 'a greedy parameter needs a segment'],
    ['GET', '/files/', 'a greedy parameter needs a segment'],
    ['GET', '/user//', 'a parameter is not empty'],
    ['GET', '/USER/42', 'case counts'],
    ['GET', '/user/42/x', 'the path is longer'],
    ['GET', '/constructor', 'the name is inherited, not declared'],
  ])('finds nothing for %s %s: %s', (method, path) => {
    expect(match(method, path)).toBeUndefined();
  });

  it('keeps a parameter that is called __proto__', () => {
    const hostile = compileRoutes([{ httpMethod: 'GET', resourcePath: '/{__proto__}', route: 1 }]);
    expect(Object.entries(hostile('GET', '/x')?.pathParameters ?? {})).toEqual([['__proto__', 'x']]);
  });
});
