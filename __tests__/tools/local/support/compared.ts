import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const DOCUMENT = fileURLToPath(new URL('../../../../docs/local-runtime.md', import.meta.url));

/** What a comparison has found. */
interface Comparison {
  /** With what: `AWS, as recorded`, `boto3`. */
  readonly against: string;
  readonly cases: number;
  readonly differ: number;
}

/**
 * Holds docs/local-runtime.md to what a comparison has found: its section `<!-- compared: service -->` has a line per comparison. With
 * `UPDATE_DOCS=1` the line is written instead.
 */
export function expectDocumented(service: string, { against, cases, differ }: Comparison): void {
  const line = `| ${against} | ${cases} | ${differ} |`;
  const document = readFileSync(DOCUMENT, 'utf8');
  const section = new RegExp(`<!-- compared: ${service} -->\\n[\\s\\S]*?<!-- /compared: ${service} -->`).exec(
    document,
  )?.[0];
  expect(section, `docs/local-runtime.md has no section of ${service}`).toBeDefined();
  if (section === undefined) return;
  if (process.env.UPDATE_DOCS === '1') {
    const lines = section.split('\n').filter((each) => !each.startsWith(`| ${against} |`));
    writeFileSync(DOCUMENT, document.replace(section, lines.toSpliced(-1, 0, line).join('\n')));
    return;
  }
  expect(section.split('\n'), 'UPDATE_DOCS=1 npx vitest run writes it').toContain(line);
}
