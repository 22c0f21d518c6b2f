import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readStacks } from '#local/terraform/read-stacks.ts';

let outdir = '';
beforeEach(() => {
  outdir = mkdtempSync(path.join(tmpdir(), 'cdktf-out-'));
});
afterEach(() => rmSync(outdir, { recursive: true }));

function write(file: string, content: unknown): void {
  const target = path.join(outdir, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
}

const manifest = { stacks: { 'dev-data': { name: 'dev-data', synthesizedStackPath: 'stacks/dev-data/cdk.tf.json' } } };

describe('a synthesis', () => {
  it('is read stack by stack, with what is left out empty', async () => {
    write('manifest.json', manifest);
    write('stacks/dev-data/cdk.tf.json', { '//': {}, locals: { a: 1 } });
    const [stack] = await readStacks(outdir);
    expect(stack).toMatchObject({ name: 'dev-data', folder: path.join(outdir, 'stacks/dev-data') });
    expect(stack?.json).toMatchObject({
      locals: { a: 1 },
      resource: {},
      data: {},
      output: {},
      variable: {},
      provider: {},
    });
  });

  it.each([
    ['is missing', undefined, /Cannot read .*manifest\.json: .*Synthesize first\./],
    ['is no JSON', '{', /Cannot read .*manifest\.json/],
    ['has another shape', { stacks: [] }, /manifest\.json is not as CDKTF writes it:.*stacks/su],
  ])('whose manifest %s is an error that names the file', async (_, content, message) => {
    if (content !== undefined) write('manifest.json', content);
    await expect(readStacks(outdir)).rejects.toThrow(message);
  });

  it('whose stack has another shape is an error that names file and place', async () => {
    write('manifest.json', manifest);
    write('stacks/dev-data/cdk.tf.json', { resource: { aws_s3_bucket: [] } });
    await expect(readStacks(outdir)).rejects.toThrow(
      /stacks\/dev-data\/cdk\.tf\.json is not as.*resource\.aws_s3_bucket/su,
    );
  });
});
