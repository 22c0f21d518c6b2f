import { describe, expect, it, vi } from 'vitest';
import { RefusedError } from '#operator/cli/errors.ts';
import { reportError } from '#operator/cli/report-error.ts';
import { DeployError } from '#operator/deploy/deploy-report.ts';

function said(error: unknown, flags: { json: boolean }) {
  const lines = { stdout: '', stderr: '' };
  const log = vi.spyOn(console, 'log').mockImplementation((line) => {
    lines.stdout += line;
  });
  const tell = vi.spyOn(console, 'error').mockImplementation((line) => {
    lines.stderr += line;
  });
  reportError(error, { ...flags, debug: false });
  log.mockRestore();
  tell.mockRestore();
  return lines;
}

describe('an error', () => {
  it('is a message on stderr; what nobody expected says where to learn more', () => {
    const refused = new RefusedError('not so');
    expect(said(refused, { json: false })).toEqual({ stdout: '', stderr: 'not so' });
    expect(said(new TypeError('bug'), { json: false }).stderr).toMatch(/^bug\n\(DEBUG=1/);
    expect(said('text', { json: false }).stderr).toMatch(/^text\n/);
  });

  it('is one document with --json, beside what its command had done by then', () => {
    const stacks = [{ stack: 'data', outcome: 'failed', seconds: 1, problem: 'Error: throttled' }] as const;
    const report = { stage: 'dev', first: true, target: 'envA', names: [], environments: ['envA'], pinned: {}, stacks };
    const { stdout, stderr } = said(new DeployError('Deploy failed.', report), { json: true });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      ...report,
      error: { name: 'DeployError', message: 'Deploy failed.', exitCode: 4 },
    });
    expect(JSON.parse(said('text', { json: true }).stdout)).toEqual({
      error: { name: 'Error', message: 'text', exitCode: 1 },
    });
  });
});
