import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RenderFlags, renderTemplate } from '#operator/local/render-template.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'render-'));
});

afterAll(() => rm(folder, { recursive: true }));

afterEach(() => {
  vi.restoreAllMocks();
});

async function file(name: string, content: string): Promise<string> {
  const target = path.join(folder, name);
  await writeFile(target, content);
  return target;
}

/** What the command prints on stdout and on stderr. */
async function printed(id: string | undefined, flags: RenderFlags): Promise<[stdout: string, stderr: string]> {
  vi.restoreAllMocks();
  const stdout = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const stderr = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await renderTemplate(id, flags);
  return [stdout.mock.calls.flat().join('\n'), stderr.mock.calls.flat().join('\n')];
}

describe('two-region local render', () => {
  it("shows what an operation's template makes of its example", async () => {
    const [stdout] = await printed('post-user', {});
    expect(JSON.parse(stdout)).toMatchObject({ _method: 'POST', id: 'a1B2c3D4', name: 'Ada Lovelace' });
  });

  it('takes a body and a context in place of the example', async () => {
    const body = await file('body.json', '{"name":"Grace"}');
    const context = await file('context.json', '{"params":{"path":{"id":"g"}},"stageVariables":{"stage":"preview"}}');
    const [stdout] = await printed('post-user', { body, context });
    expect(JSON.parse(stdout)).toMatchObject({ id: 'g', name: 'Grace', stage: 'preview' });
  });

  it('renders a file as API Gateway does, and tells overrides beside it', async () => {
    const template = await file(
      'a.vtl',
      "#set($context.responseOverride.status = 418)$input.path('$') $input.path('$.list') [$none]\n",
    );
    const body = await file('a.json', '{"list":[1,"x",2.0]}');
    expect(await printed(undefined, { template, body })).toEqual([
      '{list=[1,"x",2.0]} [1,"x",2.0] []',
      '$context.responseOverride: {"status":418}',
    ]);
    const [json] = await printed(undefined, { template, body, json: true });
    expect(JSON.parse(json)).toMatchObject({ responseOverride: { status: 418 } });
  });

  it.each([
    [undefined, {}, /nothing to render: name an operation \(get-user, post-user\)/],
    ['post-user', { template: 'x' }, /an operation and --template/],
    ['healthcheck', {}, /has no mapping template; those with one are get-user, post-user/],
    ['nope', {}, /no operation nope/],
    ['post-user', { body: 'not-there.json' }, /--body not-there.json: the file cannot be read/],
  ])('refuses %s with %j', async (id, flags, message) => {
    await expect(renderTemplate(id, flags)).rejects.toMatchObject({
      message: expect.stringMatching(message),
      exitCode: 2,
    });
  });

  it('says where a template fails, what is wrong in a context, and that a body is not JSON', async () => {
    const template = await file('b.vtl', 'a\n#if($x) b');
    await expect(renderTemplate(undefined, { template })).rejects.toThrow(/no #end.*\(line 2, column 10\)/);
    const context = await file('b.json', '{"params":{"path":{"id":1}},"extra":1}');
    await expect(renderTemplate('post-user', { context })).rejects.toThrow(/expected string.*params\.path\.id/s);
    const body = await file('c.json', '{');
    await expect(renderTemplate('post-user', { body })).rejects.toThrow(/Could not parse request body into json/);
  });
});
