import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withSystemPicture } from '#tests/support/system-picture.ts';

it('the picture of both regions, the edge and the checks is that of what is synthesized; else: npm run pictures (S4.6)', {
  timeout: 600_000,
}, async () => {
  const document = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8');
  expect(await withSystemPicture(document)).toBe(document);
  const [, picture = ''] = document.split('<!-- Drawn by npm run pictures. -->');
  for (const part of ['CloudFront', 'PRIMARY', 'SECONDARY', 'control check, inverted', '10 s × 3', 'target']) {
    expect(picture).toContain(part);
  }
});
