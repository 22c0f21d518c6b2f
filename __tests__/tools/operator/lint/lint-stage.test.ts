import { existsSync } from 'node:fs';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import type { EvaluatedResource } from '#local/terraform/evaluation.ts';
import { describeLint } from '#operator/lint/describe-lint.ts';
import { lintStage } from '#operator/lint/lint-stage.ts';
import { LintedStage } from '#operator/lint/linted-stage.ts';
import { sarifOf } from '#operator/lint/sarif.ts';
import { loadSettings } from '#stacks/settings/index.ts';

const group: EvaluatedResource = {
  stack: 'dev-envA-primary',
  folder: '/',
  mode: 'managed',
  type: 'aws_cloudwatch_log_group',
  name: 'rest_log',
  address: 'aws_cloudwatch_log_group.rest_log',
  region: 'eu-central-1',
  values: { name: 'a-log', retention_in_days: 0 },
  configured: [],
};
const json = {
  resource: { aws_cloudwatch_log_group: { rest_log: { '//': { metadata: { path: 'dev-envA-primary/rest/log' } } } } },
  data: {},
  locals: {},
  output: {},
  variable: {},
  provider: {},
  terraform: { backend: {}, required_providers: {} },
};

function lint(lintAllow: readonly string[]) {
  const settings = { ...loadSettings('settings.conf'), lintAllow };
  const stacks = [{ name: 'dev-envA-primary', folder: '/', json }];
  return lintStage(new LintedStage({ settings, stage: 'dev' }, [], stacks, [group]));
}
const plain = pc.createColors(false);
const OTHER = 'unequal-regions dev-envA-*: one region has it alone in this test';

describe('a finding (B5)', () => {
  it('names the construct, the file that declares it, why, and the fix', () => {
    const text = describeLint(lint([OTHER]), plain);
    expect(text).toContain(
      'log-retention  dev-envA-primary/rest/log  (stacks/environment.ts)\n  a-log keeps its events for ever.',
    );
    expect(text).toContain('\n  Fix: Give it retention_in_days.');
    expect(text).toMatch(/1 found in dev by \d+ rules; .*LINT_ALLOW of settings\.conf.*; 1 allowed by LINT_ALLOW\.$/);
  });

  it('is allowed by its rule and path, with a reason', () => {
    const { findings, unused } = lint([OTHER, 'log-retention dev-env?-primary/*: kept for the audit']);
    expect(findings.find(({ rule }) => rule === 'log-retention')).toMatchObject({ allowed: 'kept for the audit' });
    expect(unused).toEqual([]);
  });

  it('of another path or rule is not allowed, and what allows nothing is a finding', () => {
    const idle = ['log-retention prod-*: kept for the audit', 'log-retentio *: kept for the audit'];
    const report = lint([OTHER, ...idle]);
    expect(report.findings.find(({ rule }) => rule === 'log-retention')?.allowed).toBeUndefined();
    expect(report.unused).toEqual(idle);
    expect(describeLint(report, plain)).toContain(`LINT_ALLOW  ${idle[0]}\n  Nothing needs it.`);
  });

  it('stands in SARIF with file, construct and rule; what is allowed as suppressed', () => {
    const sarif = sarifOf(lint([OTHER, 'log-retention prod-*: kept']));
    const [run] = sarif.runs;
    expect(sarif.version).toBe('2.1.0');
    const byRule = new Map(run?.results.map((result) => [result.ruleId, result]));
    expect(byRule.get('log-retention')).toEqual({
      ruleId: 'log-retention',
      level: 'error',
      message: { text: 'a-log keeps its events for ever. Give it retention_in_days.' },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: 'stacks/environment.ts', uriBaseId: '%SRCROOT%' } },
          logicalLocations: [{ fullyQualifiedName: 'dev-envA-primary/rest/log', kind: 'resource' }],
        },
      ],
    });
    expect(byRule.get('unequal-regions')).toMatchObject({
      suppressions: [{ kind: 'external', justification: 'one region has it alone in this test' }],
    });
    expect(byRule.get('unused-allowance')?.message.text).toContain('log-retention prod-*: kept');
    const ids = run?.tool.driver.rules.map(({ id }) => id);
    for (const { ruleId } of run?.results ?? []) expect(ids).toContain(ruleId);
  });

  it('of the contract names its file', () => {
    const stage = { settings: loadSettings('settings.conf'), stage: 'dev' };
    const { findings } = lintStage(new LintedStage(stage, operations, [], []));
    expect(findings).toMatchObject([{ path: 'contract/test', file: 'functions/contract/test.ts' }]);
    for (const { file } of findings) expect(existsSync(new URL(`../../../../${file}`, import.meta.url))).toBe(true);
  });
});
