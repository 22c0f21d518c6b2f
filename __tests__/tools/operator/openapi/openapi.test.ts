import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import { routesTable } from '#contract/routes-table.ts';
import { describeApi } from '#operator/openapi/describe-api.ts';
import { MarksError, writeBetweenMarks } from '#operator/openapi/marked-section.ts';

describe('two-region openapi', () => {
  it('names the servers as variables, as they are parameters of a stage', () => {
    const { info, servers, paths } = JSON.parse(describeApi({}));
    expect(info.title).toBe('two-region-api');
    expect(servers[0]).toMatchObject({
      url: 'https://{domain_name}',
      variables: { domain_name: { default: 'api.example.com' } },
    });
    expect(paths['/events'].get.servers[0].url).toBe('https://{events_domain_name}');
  });

  it('takes the servers from flags', () => {
    const { servers, paths } = JSON.parse(describeApi({ restUrl: 'http://r', httpUrl: 'http://h' }));
    expect([servers, paths['/events'].post.servers]).toEqual([[{ url: 'http://r' }], [{ url: 'http://h' }]]);
  });
});

describe('two-region openapi --routes', () => {
  it('prints what README shows: npx two-region openapi --routes README.md', () => {
    const folder = mkdtempSync(join(tmpdir(), 'two-region-routes-'));
    const copy = join(folder, 'README.md');
    copyFileSync(new URL('../../../../README.md', import.meta.url), copy);
    expect(writeBetweenMarks(copy, 'routes', routesTable())).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('has a row for every operation', () => {
    for (const { method, path, id } of operations) {
      expect(routesTable()).toMatch(new RegExp(`\\| \`${method} ${path}\` \\|.*\\| \`${id}\` \\|`));
    }
  });

  it('writes between the marks of a file and leaves the rest of it as it was', () => {
    const folder = mkdtempSync(join(tmpdir(), 'two-region-routes-'));
    const file = join(folder, 'api.md');
    writeFileSync(file, '# API\n<!-- routes -->\nold\n<!-- /routes -->\nend\n');
    expect(writeBetweenMarks(file, 'routes', 'new')).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('# API\n<!-- routes -->\n\nnew\n\n<!-- /routes -->\nend\n');
    expect(() => writeBetweenMarks(file, 'other', 'new')).toThrow(/no lines <!-- other -->/);
    expect(() => writeBetweenMarks(join(folder, 'nope.md'), 'routes', 'new')).toThrow(MarksError);
    rmSync(folder, { recursive: true });
  });
});
