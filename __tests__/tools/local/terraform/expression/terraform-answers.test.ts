import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { render } from './scope-fixture.ts';

const answers = readFileSync(new URL('./terraform-answers.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const rows = answers.flatMap((line, at) =>
  at % 2 === 0 ? [{ expression: line, answer: answers[at + 1]?.trim() }] : [],
);

describe('an expression gives what Terraform itself answers', () => {
  it.each(rows)('$expression', ({ expression, answer }) => {
    expect(render(`\${jsonencode(${expression})}`)).toBe(answer);
  });
});
