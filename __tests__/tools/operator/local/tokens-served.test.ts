import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProjectCopy, startProjectCopy } from './project-copy.ts';

const CONTRACT = 'functions/contract/list-events.ts';
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
});
