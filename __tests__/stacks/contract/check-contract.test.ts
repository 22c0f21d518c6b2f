import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { getUser } from '#contract/get-user.ts';
import { healthcheck } from '#contract/healthcheck.ts';
import { operations } from '#contract/index.ts';
import { listEvents } from '#contract/list-events.ts';
import type { Operation } from '#contract/operation.ts';
import { postUser } from '#contract/post-user.ts';
import { replaceString } from '#contract/replace-string.ts';
import { checkContract } from '#stacks/contract/check-contract.ts';
import { ContractError } from '#stacks/contract/contract-error.ts';

function problemsOf(...declared: readonly Operation[]): readonly string[] {
  return problemsWith(['jwt_issuer', 'jwt_audience'], ...declared);
}

/** @param parameters - that the settings list */
function problemsWith(parameters: readonly string[], ...declared: readonly Operation[]): readonly string[] {
  return problemsIn({ parameters, journeyMinutes: 0 }, ...declared);
}

function problemsIn(
  settings: Parameters<typeof checkContract>[1],
  ...declared: readonly Operation[]
): readonly string[] {
  try {
    checkContract(declared, settings);
  } catch (error) {
    if (error instanceof ContractError) return error.message.split('\n');
    throw error;
  }
  return [];
}

/** As a file that no compiler has looked at declares it. */
function unchecked(operation: Operation, members: Readonly<Record<string, unknown>>): Operation {
  return { ...operation, ...members };
}

/** An operation with an authorizer whose function is there. */
function withAuthorizer(authorizer: object) {
  return { auth: 'authorizer', journeys: [], authorizer: { function: 'healthcheck', access: {}, ...authorizer } };
}

/** Members that get-user.ts does not have. */
const ABSENT = ['replay', 'authorizer', 'container', 'edge', 'memoryMb', 'scopes', 'timeoutSeconds'];

const inGetUser = /^functions\/contract\/get-user\.ts:(\d+): get-user: (.*)$/;

/** Of the file's line that begins with a member. */
function lineIn(file: string, member: string): string {
  const lines = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8').split('\n');
  return `${lines.findLastIndex((line) => new RegExp(`^ {2}${member}[:,]`).test(line)) + 1}`;
}

describe('the contract before synthesis (B2, B14)', () => {
  it('has nothing to say of the one that is here', () => {
    expect(problemsOf(...operations)).toEqual([]);
  });

  it.each([
    ['method', 'the method "HEAD" is none of DELETE, GET, PATCH, POST, PUT.', { method: 'HEAD' }],
    ['method', 'the method "get" is none of DELETE, GET, PATCH, POST, PUT. Did you mean "GET"?', { method: 'get' }],
    ['path', 'the path "user/{id}" must begin with /', { path: 'user/{id}' }],
    ['path', 'the path "/user/{id}/" must begin with /', { path: '/user/{id}/' }],
    ['path', 'the path "/user/{id" must begin with /', { path: '/user/{id' }],
    ['path', 'the path has {id} twice.', { path: '/{id}/{id}' }],
    ['request', 'request.pathParameters lacks name, which the path has.', { path: '/user/{name}' }],
    ['request', 'request.pathParameters has id, which the path lacks.', { path: '/user' }],
    ['auth', 'an HTTP API knows no API keys', { api: 'http', auth: 'apiKey', integration: 'proxy' }],
    ['integration', 'an HTTP API has no mapping templates', { api: 'http' }],
    ['memoryMb', 'memoryMb is 127, allowed: a whole number of MB from 128 to 10240.', { memoryMb: 127 }],
    ['timeoutSeconds', 'timeoutSeconds is 30, allowed: a whole number of seconds from 1 to 29', { timeoutSeconds: 30 }],
    ['timeoutSeconds', 'timeoutSeconds is 2.5, allowed', { timeoutSeconds: 2.5 }],
    ['container', 'nothing behind a load balancer checks a signature', { container: true, auth: 'iam' }],
    ['container', 'nothing behind a load balancer checks a token', { container: true, auth: 'jwt' }],
    ['edge', 'it says nothing', { edge: {} }],
    ['edge', 'this is a POST: leave `edge` out.', { method: 'POST', edge: { otherRegion: true } }],
    ['edge', 'cacheSeconds is 0, allowed: a whole number', { auth: 'open', edge: { cacheSeconds: 0 } }],
    ['edge', "auth 'apiKey' lets in some only", { auth: 'apiKey', edge: { cacheSeconds: 60 } }],
    ['edge', 'a signature is good in one region', { auth: 'iam', edge: { otherRegion: true } }],
    [
      'edge',
      'its function may write',
      { edge: { otherRegion: true }, access: { USER_TABLE_NAME: ['dynamodb:PutItem'] } },
    ],
    ['replay', 'ignoredFields has "nmae", which no response of it has', { replay: { ignoredFields: ['nmae'] } }],
    ['replay', 'ignoredFields has "name.first", which', { replay: { ignoredFields: ['id', 'name.first'] } }],
    ['replay', 'comparedHeaders has "ETag": allowed', { replay: { comparedHeaders: ['ETag'] } }],
    ['auth', "auth 'authorizer' needs `authorizer`", { auth: 'authorizer' }],
    ['authorizer', "auth 'open' asks no authorizer", { authorizer: { function: 'healthcheck', access: {} } }],
    ['authorizer', 'there is no functions/nobody/handler.ts', withAuthorizer({ function: 'nobody' })],
    ['authorizer', 'the function user serves operations', withAuthorizer({ function: 'user' })],
    ['authorizer', 'the function "Nobody" must be lower-case words', withAuthorizer({ function: 'Nobody' })],
    ['authorizer', 'ttlSeconds is 3601, allowed: a whole number', withAuthorizer({ ttlSeconds: 3601 })],
    ['authorizer', 'the header "a b" must be letters', withAuthorizer({ header: 'a b' })],
    ['authorizer', 'identitySources is empty: name what', withAuthorizer({ identitySources: [] })],
    [
      'authorizer',
      'the identity source "Authorization" must be',
      withAuthorizer({ identitySources: ['Authorization'] }),
    ],
    [
      'authorizer',
      'it has a header and identitySources',
      withAuthorizer({ header: 'token', identitySources: ['header.token', 'querystring.key'] }),
    ],
    ['authorizer', 'declares no variable TABEL', withAuthorizer({ access: { TABEL: [] } })],
    ['auth', "an HTTP API asks no function of the kit's", { ...withAuthorizer({}), api: 'http', integration: 'proxy' }],
    ['auth', 'a REST API verifies no tokens of an issuer', { auth: 'jwt' }],
    ['scopes', "auth 'open' asks for none: use auth 'jwt', or no `scopes`.", { scopes: ['read'] }],
    ['scopes', 'it has 0 scopes, allowed: 1 to 10 of them', { auth: 'jwt', scopes: [] }],
    ['scopes', 'the scope "read write" must be 1 to 64 ASCII characters', { auth: 'jwt', scopes: ['read write'] }],
    [
      'access',
      'declares no variable USER_TABEL_NAME: add it there, with what it names. Did you mean "USER_TABLE_NAME"?',
      { access: { USER_TABEL_NAME: [] } },
    ],
    ['responses', 'it declares no response.', { responses: {} }],
    [
      'responses',
      'mapping templates respond with 200 and 500, and 500 is not declared.',
      { responses: { 200: getUser.responses[200] } },
    ],
    ['examples', 'it has no example: readers and smoke tests need one.', { examples: [] }],
    [
      'examples',
      'example "Read the user that was written": the status 201 is not one of its responses.',
      { examples: [{ ...getUser.examples[0], status: 201 }] },
    ],
    [
      'examples',
      'example "Short": pathParameters.id: ',
      { examples: [{ summary: 'Short', pathParameters: { id: 'a' }, status: 200 }] },
    ],
    ['function', 'there is no functions/usre/handler.ts: add it, with an export `handler`.', { function: 'usre' }],
    ['function', 'the function "Usre!" must be lower-case words with hyphens.', { function: 'Usre!' }],
    ['function', 'there is no functions/ports/handler.ts', { function: 'ports' }],
  ])('names the line of a wrong %s: %s', (member, message, members) => {
    const problems = problemsOf(unchecked(getUser, members));
    expect(problems.map((problem) => inGetUser.exec(problem)?.slice(1))).toContainEqual([
      // A member that the file lacks is told where its operation begins.
      lineIn('functions/contract/get-user.ts', ABSENT.includes(member) ? 'id' : member),
      expect.stringContaining(message),
    ]);
  });

  it('S4.1: lets the edge do for a path only what all routes of the path can do', () => {
    const read = unchecked(getUser, { edge: { otherRegion: true } });
    expect(problemsOf(read)).toEqual([]);
    expect(problemsOf(read, postUser)).toEqual([
      expect.stringContaining('post-user takes POST at /user/{id}, which CloudFront takes for /user/*'),
    ]);
    const kept = unchecked(healthcheck, { edge: { cacheSeconds: 60 } });
    const below = unchecked(healthcheck, { id: 'below', path: '/healthcheck/more' });
    expect(problemsOf(kept, below)).toEqual([]);
    const all = unchecked(getUser, { auth: 'open', edge: { cacheSeconds: 60 } });
    const deeper = unchecked(getUser, { id: 'orders', path: '/user/{id}/orders', journeys: [] });
    expect(problemsOf(all, deeper)).toEqual([expect.stringContaining('give orders the same `edge`')]);
    // Keeping is for reads alone, so what writes may stand beside it.
    expect(problemsOf(all, postUser)).toEqual([]);
  });

  it('tells two operations of one id, or of one route, by their files', () => {
    expect(problemsOf(getUser, unchecked(postUser, { id: 'get-user' }))).toEqual([
      expect.stringContaining('get-user: GET /user/{id} has this id, too: give one of them another.'),
    ]);
    expect(problemsOf(getUser, unchecked(postUser, { method: 'GET' }))).toEqual([
      expect.stringMatching(/^functions\/contract\/post-user\.ts:\d+: post-user: GET \/user\/\{id\} is declared twice/),
    ]);
  });

  it('refuses two names of one path parameter, which a REST API has one resource for', () => {
    const named = unchecked(postUser, {
      path: '/user/{name}/mail',
      request: { pathParameters: z.object({ name: z.string() }) },
    });
    expect(problemsOf(getUser, named)).toContainEqual(
      expect.stringContaining('/user/{name}/mail and /user/{id} name one path parameter differently'),
    );
  });

  it('refuses two sizes of one function, said by one operation or not', () => {
    expect(problemsOf(getUser, unchecked(postUser, { memoryMb: 512, timeoutSeconds: 10 }))).toEqual([
      expect.stringContaining('post-user: memoryMb is 512 here and 256 in get-user: they share the function user'),
    ]);
    expect(problemsOf(unchecked(getUser, { timeoutSeconds: 20 }), unchecked(postUser, { timeoutSeconds: 20 }))).toEqual(
      [],
    );
  });

  it('takes one authorizer of several operations, if it is one', () => {
    const authorizer = { function: 'healthcheck', access: {} };
    const both = (other: object) =>
      problemsOf(
        unchecked(getUser, { auth: 'authorizer', journeys: [], authorizer }),
        unchecked(postUser, { auth: 'authorizer', journeys: [], authorizer: other }),
      );
    expect(both(authorizer)).toEqual([]);
    expect(both({ ...authorizer, ttlSeconds: 0 })).toEqual([
      expect.stringContaining('post-user: the authorizer healthcheck is declared in two ways'),
    ]);
  });

  it('wants the parameters that tokens are held against, once there is a route for tokens', () => {
    const forTokens = unchecked(listEvents, { auth: 'jwt', scopes: ['events/read'], journeys: [] });
    expect(problemsOf(forTokens)).toEqual([]);
    expect(problemsWith([], listEvents)).toEqual([]);
    expect(problemsWith(['jwt_audience'], forTokens)).toEqual([
      `functions/contract/list-events.ts:${lineIn('functions/contract/list-events.ts', 'auth')}: list-events: ` +
        'its tokens need jwt_issuer, which PARAMETERS of settings.conf lacks: add it there, and set the value: two-region params put STAGE jwt_issuer.',
    ]);
    expect(problemsWith([], forTokens)).toEqual([expect.stringContaining('need jwt_issuer and jwt_audience, which')]);
  });

  it('finds steps of journeys that no function can take (B26)', () => {
    const [step] = getUser.journeys;
    const withSteps = (...journeys: readonly object[]) => problemsOf(unchecked(getUser, { journeys }));
    expect(problemsOf(...operations)).toEqual([]);
    expect(withSteps({ ...step, step: 1 })).toEqual([]);
    expect(withSteps({ ...step, step: 0 })).toEqual([
      expect.stringMatching(/get-user: journey "user": step is 0, allowed: 1, 2, 3 and so on\./),
    ]);
    expect(withSteps({ ...step, step: 1 }, { ...step, step: 1 })[0]).toMatch(
      /two of its steps are step 1: number them/,
    );
    expect(withSteps({ ...step, step: 1, journey: 'A user' })[0]).toMatch(/its name must be lower-case words/);
    expect(withSteps({ ...step, step: 1, status: 201 })[0]).toMatch(/the status 201 is not one of its responses/);
    expect(withSteps({ ...step, step: 1, pathParameters: { id: 'too{place}' } })[0]).toMatch(
      /pathParameters.id: Invalid id/,
    );
    const forTokens = unchecked(getUser, { journeys: [{ ...step, step: 1 }], api: 'http', auth: 'jwt' });
    expect(problemsOf(forTokens)).toContainEqual(
      expect.stringMatching(/nobody gives a function tokens for auth 'jwt'/),
    );
  });

  it('wants the key that journeys show, once settings have them taken (B26)', () => {
    const settings = { parameters: [], journeyMinutes: 5 };
    expect(problemsIn(settings, replaceString)).toEqual([
      expect.stringMatching(
        /replace-string: its journey needs journeys_api_key, which PARAMETERS of settings.conf lacks/,
      ),
    ]);
    expect(problemsIn({ ...settings, parameters: ['journeys_api_key'] }, replaceString)).toEqual([]);
    expect(problemsIn({ ...settings, journeyMinutes: 0 }, replaceString)).toEqual([]);
    expect(problemsIn(settings, getUser, postUser)).toEqual([]);
  });

  it('finds all mistakes of all operations at once, each with its line', () => {
    const problems = problemsOf(
      unchecked(getUser, { method: 'LIST', path: 'user' }),
      unchecked(healthcheck, { examples: [] }),
      unchecked(listEvents, { auth: 'apiKey' }),
    );
    expect(problems.map((problem) => problem.replace(/^functions\/contract\/([\w-]+)\.ts:\d+: .*$/, '$1'))).toEqual([
      'get-user',
      'get-user',
      'healthcheck',
      'list-events',
    ]);
  });
});
