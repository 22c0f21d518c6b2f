import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CostReport } from '#operator/cost/describe-cost.ts';
import { readUsage } from '#operator/cost/usage.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'two-region-cost-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('two-region cost (S3.11, B9)', () => {
  it('prices the stage as it is synthesized, leaves nothing unpriced, and takes the usage file that it wrote', async () => {
    const file = join(folder, 'usage.yml');
    const first = await runHere(['cost', 'dev', '--usage', 'low', '--infracost', file, '--json']);
    const report: CostReport = JSON.parse(first.stdout);
    expect(report.estimate.unpriced).toEqual({});
    expect(report.warnings.filter((warning) => !warning.startsWith('The prices are'))).toEqual([]);
    expect(report.postures['warm-standby']?.low).toBeCloseTo(report.estimate.dollars);
    const { low = 0, medium = 0, high = 0 } = report.postures['one-region'] ?? {};
    expect(low < medium && medium < high).toBe(true);
    expect(parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 0.1, resource_type_default_usage: {} });
    expect(readUsage(file).aws_lambda_function?.request_duration_ms).toBe(60);
  });

  it.each([
    ['tremendous', 'allowed: low, medium, high'],
    ['no/such/file.yml', 'readable usage file'],
  ])('refuses the usage %s', async (usage, said) => {
    const { code, stderr } = await runHere(['cost', 'dev', '--usage', usage]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  });

  it('names every problem of a usage file with its key', async () => {
    const file = join(folder, 'wrong.yml');
    writeFileSync(
      file,
      'version: 0.1\nresource_type_default_usage:\n  aws_sns_topic: { email_subscriptions: many }\n  aws_tape: {}\n',
    );
    const { code, stderr } = await runHere(['cost', 'dev', '--usage', file]);
    expect(code).toBe(2);
    expect(stderr).toContain('resource_type_default_usage.aws_sns_topic.email_subscriptions');
    expect(stderr).toContain('aws_tape');
  });
});
