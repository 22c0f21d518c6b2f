import type { CheckResult } from './check.ts';

/** Something is not as it must be. The report holds every check. */
export class DoctorError extends Error {
  override readonly name = 'DoctorError';
  constructor(readonly report: { readonly checks: readonly CheckResult[] }) {
    const failed = report.checks.filter(({ outcome }) => outcome === 'fail');
    const names = failed.map(({ about, name }) => `${name} (${about})`).join(', ');
    super(`${failed.length} of ${report.checks.length} checks failed: ${names}.`);
  }
}
