import type { Colors } from '#operator/cli/terminal.ts';
import type { LintReport } from './lint-stage.ts';
import { RULES } from './rules/rules.ts';

/** What was found and is not allowed, each with why and how to mend it; then how much is allowed. */
export function describeLint({ stage, findings, unused }: LintReport, colors: Colors): string {
  const open = findings.filter(({ allowed }) => allowed === undefined);
  const allowed = findings.length - open.length;
  const told = open.map(({ rule, path, file, found, why, fix }) =>
    [`${colors.red(rule)}  ${path}  (${file})`, `  ${found}`, `  ${why}`, `  Fix: ${fix}`].join('\n'),
  );
  const idle = unused.map(
    (entry) => `${colors.red('LINT_ALLOW')}  ${entry}\n  Nothing needs it. Delete it from settings.conf.`,
  );
  const all = `${RULES.length} rules`;
  const count = open.length + unused.length;
  const sum =
    count === 0
      ? colors.green(`${stage} keeps all ${all}`)
      : `${count} found in ${stage} by ${all}; what is meant goes into LINT_ALLOW of settings.conf, with its reason`;
  return [...told, ...idle, `${sum}${allowed === 0 ? '' : `; ${allowed} allowed by LINT_ALLOW`}.`].join('\n\n');
}
