import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProjectCopy, startProjectCopy } from './project-copy.ts';

const CONTRACT = 'functions/contract/list-events.ts';
const JOURNEYS =
  "  journeys: [{ journey: 'event', step: 2, query: { date: JOURNEY_DATE }, status: 200, contains: '{run}' }],\n";
const LONG = 180_000;
const execute = promisify(execFile);

let project: ProjectCopy;
beforeAll(async () => {
  project = await startProjectCopy();
  await project.line(/What is saved is served/);
}, LONG);
afterAll(() => project?.close());

const command = async (...args: readonly string[]) => {
  const { stdout } = await execute(process.execPath, ['tools/operator/two-region.mjs', ...args], {
    cwd: project.directory,
  });
  return stdout.trim();
};
const events = (headers: Readonly<Record<string, string>> = {}) => fetch(`${project.httpEntry}/events`, { headers });

describe.sequential('B14: an operation is given to holders of a token', () => {
  it(
    'is told with file and line what is lacking, then served, without any identity provider',
    async () => {
      expect((await events()).status).toBe(403);
      // Nobody gives a function that takes journeys a token.
      const untravelled = project.line(/✓ .*list-events\.ts/);
      await project.edit(CONTRACT, JOURNEYS, '');
      await untravelled;
      const mistake = project.line(/list-events\.ts:\d+/);
      await project.edit(CONTRACT, "auth: 'iam',", "auth: 'jwt',\n  scopes: ['events/read'],");
      expect(await mistake).toContain('need jwt_issuer and jwt_audience, which PARAMETERS of settings.conf lacks');
      expect((await events()).status).toBe(403);
      const reloaded = project.line(/✓ .*settings\.conf/);
      await project.edit('settings.conf', 'PARAMETERS=(', 'PARAMETERS=(\n  "jwt_issuer"\n  "jwt_audience"');
      await reloaded;
      const refused = await events();
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    },
    LONG,
  );

  it(
    'takes tokens of the command, by their scope, and calls bring one along',
    async () => {
      const withoutScope = await command('local', 'token', '--sub', 'ada');
      expect((await events({ authorization: `Bearer ${withoutScope}` })).status).toBe(403);
      const token = await command('local', 'token', '--sub', 'ada', '--scope', 'events/read', '--expires', '5m');
      const taken = await events({ authorization: `Bearer ${token}` });
      expect([taken.status, await taken.json()]).toEqual([200, { Items: [], Count: 0 }]);
      expect(JSON.parse(await command('call', 'GET', '/events'))).toEqual({ Items: [], Count: 0 });
      expect(JSON.parse(await command('call', 'GET', '/events', '--token', token))).toEqual({ Items: [], Count: 0 });
      await expect(command('call', 'GET', '/events', '--token', withoutScope)).rejects.toMatchObject({ code: 1 });
    },
    LONG,
  );

  it(
    'says where its key is',
    async () => {
      const signed = JSON.parse(await command('local', 'token', '--json'));
      expect(signed).toMatchObject({ issuer: 'https://issuer.two-region.localhost', audience: ['two-region-local'] });
      expect(await (await fetch(signed.keysUrl)).json()).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256' }] });
    },
    LONG,
  );

  it(
    'and to whom a function of its own lets in, on the REST API',
    async () => {
      const folder = join(project.directory, 'functions/sessions');
      await mkdir(folder);
      await writeFile(join(folder, 'handler.ts'), SESSIONS);
      const test = (authorization: string) => fetch(`${project.entry}/test`, { headers: { authorization } });
      const reloaded = project.line(/[✓✗] .*contract\/test\.ts/);
      await project.edit(
        'functions/contract/test.ts',
        "auth: 'apiKey',",
        "auth: 'authorizer',\n  authorizer: { function: 'sessions', access: {} },",
      );
      expect(await reloaded).toMatch(/^✓/);
      const statuses = await Promise.all(
        ['', 'Bearer open', 'Bearer shut', 'Bearer broken'].map(async (sent) => (await test(sent)).status),
      );
      expect(statuses).toEqual([401, 200, 403, 401]);
      expect(await command('lint', 'dev')).toContain('dev keeps all');
    },
    LONG,
  );

  it(
    'which may be asked with the whole request, by what it names of it',
    async () => {
      await writeFile(join(project.directory, 'functions/sessions/handler.ts'), REQUESTS);
      const reloaded = project.line(/[✓✗] .*contract\/test\.ts/);
      await project.edit(
        'functions/contract/test.ts',
        "{ function: 'sessions', access: {} }",
        "{ function: 'sessions', access: {}, identitySources: ['header.x-tenant', 'querystring.key'] }",
      );
      expect(await reloaded).toMatch(/^✓/);
      const status = async (query: string, headers: Readonly<Record<string, string>>) =>
        (await fetch(`${project.entry}/test${query}`, { headers })).status;
      expect(await status('?key=open', {})).toBe(401);
      expect(await status('', { 'x-tenant': 'ada' })).toBe(401);
      expect(await status('?key=open', { 'x-tenant': 'ada' })).toBe(200);
      expect(await status('?key=open', { 'x-tenant': 'other' })).toBe(403);
    },
    LONG,
  );
});

const REQUESTS = `
export async function handler({ headers, queryStringParameters, methodArn }: {
  headers: Record<string, string>; queryStringParameters: Record<string, string>; methodArn: string;
}) {
  const Effect = headers['x-tenant'] === 'ada' && queryStringParameters.key === 'open' ? 'Allow' : 'Deny';
  const Statement = [{ Action: 'execute-api:Invoke', Effect, Resource: methodArn }];
  return { principalId: 'somebody', policyDocument: { Version: '2012-10-17', Statement } };
}
`;

const SESSIONS = `
export async function handler({ authorizationToken, methodArn }: { authorizationToken: string; methodArn: string }) {
  if (authorizationToken === 'Bearer broken') throw new Error('Unauthorized');
  const Effect = authorizationToken === 'Bearer open' ? 'Allow' : 'Deny';
  const Statement = [{ Action: 'execute-api:Invoke', Effect, Resource: methodArn }];
  return { principalId: 'somebody', policyDocument: { Version: '2012-10-17', Statement } };
}
`;
