import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openConsole } from '#local/terraform/console.ts';
import { stack } from '#tests/tools/local/terraform/stack-fixture.ts';

// An expression, and what `terraform console` of Terraform 1.11.4 prints of it.
const [recorded = '', ...printed] = readFileSync(new URL('./console-1.11.txt', import.meta.url), 'utf8').split('\n');

describe('the console of a stack', () => {
  const json = {
    variable: { env: { type: 'string' } },
    locals: { name: `app-\${var.env}` },
    resource: { aws_kms_replica_key: { key: { description: 'x' } } },
  };
  const options = { variables: { env: 'envA' }, parameter: () => undefined };
  const opened = openConsole([stack(json)], 'dev-api', options);

  it('prints values of every type as terraform console does', () => {
    expect(opened?.ask(recorded)).toEqual({ printed: printed.join('\n').trimEnd() });
  });

  it('knows the names of the stack', () => {
    expect(opened?.ask('local.name')).toEqual({ printed: '"app-envA"' });
    expect(opened?.ask('[aws_kms_replica_key.key.description, aws_kms_replica_key.key.arn]')).toEqual({
      printed: '[\n  "x",\n  (known after apply),\n]',
    });
  });

  it('says why it refuses', () => {
    expect(opened?.ask('upper(')).toEqual({ refused: expect.stringContaining('got the end, expected an expression') });
    expect(opened?.ask('local.absent')).toEqual({ refused: "refers to absent, which the stack doesn't declare" });
  });

  it('is not there for a stack that is not there', () => {
    expect(openConsole([stack(json)], 'dev-absent', options)).toBeUndefined();
  });
});
