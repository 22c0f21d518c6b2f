import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { loadSettings, type Settings } from '#stacks/settings/index.ts';
import { ENCRYPTED } from '#stacks/settings/settings.ts';
import { stackNames } from '#stacks/settings/stack-names.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';
import { type Finding, judge, parseWaivers } from './waivers.ts';

const waivers = parseWaivers(readFileSync(new URL('../../docs/waivers.md', import.meta.url), 'utf8'));
const isInstalled = spawnSync('checkov', ['--version']).status === 0;

const check = z.object({
  check_id: z.string(),
  check_name: z.string(),
  resource: z.string(),
  file_path: z.string(),
});
const report = z.object({
  summary: z.object({ passed: z.number(), parsing_errors: z.number() }),
  results: z.object({ failed_checks: z.array(check) }),
});
describe('what checkov says of the stacks', () => {
  it.runIf(isInstalled)(
    'is mended or waived, in every stage, and no waiver stands for nothing (needs checkov)',
    async () => {
      const { stages } = loadSettings('settings.conf');
      const { findings, passed } = await findingsIn(stages);
      expect(passed).toBeGreaterThan(1000);
      expect(judge(findings, waivers)).toEqual({ unwaived: [], unneeded: [] });
    },
  );

  it.runIf(isInstalled)(
    "is mended or waived with keys of one's own, too, and the waivers that they end are needed no more (S3.8, needs checkov)",
    async () => {
      const { findings } = await findingsIn(['prod'], { ownKeys: ENCRYPTED, objectReplication: 'two-way' });
      const { unwaived, unneeded } = judge(findings, waivers);
      expect(unwaived).toEqual([]);
      const ended = waivers.filter(({ endsWith }) => endsWith.includes('OWN_KEYS'));
      expect(ended.length).toBeGreaterThan(3);
      expect(unneeded).toEqual(expect.arrayContaining(ended));
    },
  );

  it('is refused without a waiver, as is a waiver without a finding', () => {
    const rows = ['| CKV_1 | `api-*/f` | why | never |', '| CKV_2 | `*` | why | never |'].join('\n');
    const finding = (path: string): Finding => ({ check: 'CKV_1', title: 'A', path });
    const { unwaived, unneeded } = judge([finding('api-primary/f'), finding('base-primary/f')], parseWaivers(rows));
    expect(unwaived).toEqual([finding('base-primary/f')]);
    expect(unneeded).toMatchObject([{ check: 'CKV_2' }]);
    expect(() => parseWaivers('| CKV_1 | `*` | why | |')).toThrow('Rows with an empty cell: CKV_1');
  });
});

/** What checkov finds in every stack of stages, with settings that differ from the shipped ones. */
async function findingsIn(stages: readonly string[], changes: Partial<Settings> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'two-region-posture-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { apiEnvironments } = loadSettings('settings.conf');
  for (const stage of stages) {
    const stack = await synthesizeStage(stage, changes);
    for (const name of stackNames(apiEnvironments)) {
      // checkov takes every block for a map of maps; these two say nothing of what is made.
      const { terraform: _, removed: __, ...rest } = JSON.parse(stack(name).json);
      mkdirSync(join(folder, `${stage}-${name}`));
      writeFileSync(join(folder, `${stage}-${name}`, 'cdk.tf.json'), JSON.stringify(rest, undefined, 2));
    }
  }
  const { summary, results } = report.parse(JSON.parse(await checkov(folder)));
  expect(summary.parsing_errors).toBe(0);
  const findings = results.failed_checks.map((failed): Finding => {
    const [, stack = ''] = failed.file_path.split('/');
    const name = failed.resource
      .split('.')
      .at(-1)
      ?.replace(/_[0-9A-F]{8}$/, '');
    const path = `${stack.slice(stack.indexOf('-') + 1)}/${name}`;
    return { check: failed.check_id, title: failed.check_name, path };
  });
  return { findings, passed: summary.passed };
}

/** The report; failed checks end checkov with 1, and it asks its maker's host for links that nobody needs. */
function checkov(folder: string): Promise<string> {
  const args = ['-d', folder, '--framework', 'terraform_json', '--quiet', '--compact', '-o', 'json'];
  return new Promise((resolve, reject) => {
    execFile('checkov', args, { maxBuffer: 1 << 28 }, (error, stdout) =>
      stdout === '' ? reject(error) : resolve(stdout),
    );
  });
}
