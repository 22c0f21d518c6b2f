import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { operations } from '../../../functions/contract/index.ts';
import { describeApi, describeRoutes } from '../../../tools/operator/describe-api.ts';

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

describe('docs/routes.md', () => {
  it('is what `npx two-region openapi --routes` prints', async () => {
    const file = await readFile(new URL('../../../docs/routes.md', import.meta.url), 'utf8');
    expect(file).toBe(`${describeRoutes()}\n`);
  });

  it('has a row for every operation', () => {
    for (const { method, path, id } of operations) {
      expect(describeRoutes()).toMatch(new RegExp(`\\| \`${method} ${path}\` \\|.*\\| \`${id}\` \\|`));
    }
  });
});
