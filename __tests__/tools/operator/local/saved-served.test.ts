import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProjectCopy, startProjectCopy } from './project-copy.ts';

const CHECK = 'functions/healthcheck/deep-check.ts';
const LONG = 180_000;

let project: ProjectCopy;
beforeAll(async () => {
  project = await startProjectCopy();
  await project.line(/What is saved is served/);
}, LONG);
afterAll(() => project?.close());

const check = async () => Object(await (await fetch(`${project.entry}/healthcheck?shallow`)).json()).check;
const post = (name: string) =>
  fetch(`${project.entry}/user/a1B2c3D4`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });

/** Does something, and waits for the line that it leads to. */
async function leadsTo(pattern: RegExp, work: () => Promise<unknown>): Promise<string> {
  const line = project.line(pattern);
  await work();
  return line;
}

describe.sequential('saved, and served at the next request (B14)', () => {
  it(
    'a handler, while requests go on and data stays; one line says which function',
    async () => {
      expect((await post('Ada')).status).toBe(200);
      const statuses: number[] = [];
      let going = true;
      const traffic = (async () => {
        while (going) statuses.push((await fetch(`${project.entry}/healthcheck?shallow`)).status);
      })();
      const line = await leadsTo(/✓ .*deep-check/, () => project.edit(CHECK, "check: 'shallow'", "check: 'edited'"));
      // The health route of the events API reads by the same rule.
      expect(line).toMatch(/✓ functions\/healthcheck\/deep-check\.ts → events, healthcheck \d+ ms/);
      expect(await check()).toBe('edited');
      going = false;
      await traffic;
      expect(new Set(statuses)).toEqual(new Set([200]));
      expect(await (await fetch(`${project.entry}/user/a1B2c3D4`)).json()).toEqual({ id: 'a1B2c3D4', name: 'Ada' });
    },
    LONG,
  );

  it(
    'a mistake is told with file and line, and what was served goes on; its end is served again',
    async () => {
      const mistake = await leadsTo(/ERROR|handler\.ts:\d+/, () =>
        project.edit('functions/healthcheck/handler.ts', 'import', 'const mistake = ;\nimport'),
      );
      expect(mistake).toContain('functions/healthcheck/handler.ts:1:16');
      expect(await check()).toBe('edited');
      await leadsTo(/✓ .*handler\.ts → healthcheck/, () =>
        project.edit('functions/healthcheck/handler.ts', 'const mistake = ;\n', ''),
      );
      expect(await check()).toBe('edited');
    },
    LONG,
  );

  it(
    'an exception is logged with the file and line of its source',
    async () => {
      await leadsTo(/✓ .*deep-check/, () =>
        project.edit(
          CHECK,
          "  return { status: 200, body: { status: 'ok', check: 'edited'",
          "  null.nothing;\n  return { status: 200, body: { status: 'ok', check: 'edited'",
        ),
      );
      const line = await leadsTo(/deep-check\.ts:\d+:\d+/, () => fetch(`${project.entry}/healthcheck?shallow`));
      expect(line).toContain('functions/healthcheck/deep-check.ts:');
      await leadsTo(/✓ .*deep-check/, () => project.edit(CHECK, '  null.nothing;\n', ''));
    },
    LONG,
  );

  it(
    'a contract: synthesized again, and what has changed is named; data stays',
    async () => {
      const line = await leadsTo(/[✓✗] .*get-user/, () =>
        project.edit('functions/contract/get-user.ts', "path: '/user/{id}'", "path: '/people/{id}'"),
      );
      expect(line).toContain('route GET /people/{id}');
      expect((await fetch(`${project.entry}/people/a1B2c3D4`)).status).toBe(200);
      expect((await post('Grace')).status).toBe(200);
    },
    LONG,
  );

  it(
    'settings: limits and CORS are served; what only a start can serve says so',
    async () => {
      const line = await leadsTo(/[✓✗] settings\.conf/, () =>
        project.edit('settings.conf', 'CORS_MAX_AGE_SECONDS=3600', 'CORS_MAX_AGE_SECONDS=60'),
      );
      expect(line).toContain('CORS two-region-api-dev');
      const wrong = await leadsTo(/[✓✗] settings\.conf/, () =>
        project.edit('settings.conf', 'CORS_MAX_AGE_SECONDS=60', 'CORS_MAX_AGE_SECONDS=never'),
      );
      expect(wrong).toMatch(/^✗/);
    },
    LONG,
  );

  it(
    'a new file that a handler imports, and many files at once, are one reload',
    async () => {
      const lines: string[] = [];
      const one = project.line(/✓ .*(deep-check|greeting)/).then((line) => lines.push(line));
      await Promise.all([
        writeFile(join(project.directory, 'functions/healthcheck/greeting.ts'), "export const GREETING = 'greeted';\n"),
        project.edit(
          CHECK,
          "check: 'edited', ...origin } };\n}",
          "check: GREETING, ...origin } };\n}\nimport { GREETING } from './greeting.ts';",
        ),
      ]);
      await one;
      expect(lines[0]).toMatch(/healthcheck/);
      expect(await check()).toBe('greeted');
    },
    LONG,
  );
});
