import { compileWildcard } from '#local/iam/policy/wildcard.ts';
import type { LintedStage } from './linted-stage.ts';
import { RULES } from './rules/rules.ts';

/** Something that a rule found. */
export interface Finding {
  /** `alias-permission` */
  readonly rule: string;
  /** Path of the construct: `dev-api-primary/user/function`; of an operation `contract/test`. */
  readonly path: string;
  /** As Terraform names it. */
  readonly address: string;
  /** Source file that declares it, from the project's folder. */
  readonly file: string;
  readonly found: string;
  readonly why: string;
  readonly fix: string;
  /** Of a finding that settings.conf allows: the reason. */
  readonly allowed?: string;
}

export interface LintReport {
  readonly stage: string;
  /** Of which none may be left without a reason. */
  readonly findings: readonly Finding[];
  /** Entries of LINT_ALLOW that allow nothing that is there, or no rule has. */
  readonly unused: readonly string[];
}

/** Looks at a stage with every rule. */
export function lintStage(stage: LintedStage): LintReport {
  const { settings, stage: name } = stage.context;
  const allowances = settings.lintAllow.map((entry) => ({ entry, ...parseAllowance(entry) }));
  const used = new Set<string>();
  const findings = RULES.flatMap(({ id, why, find }) =>
    find(stage).map(({ stack, address, found, fix }): Finding => {
      const path = stack === CONTRACT ? `${CONTRACT}/${address}` : stage.pathOf(stack, address);
      const allowance = allowances.find(({ rule, allows }) => rule === id && allows(path));
      if (allowance) used.add(allowance.entry);
      return {
        rule: id,
        path,
        address,
        file: fileOf(name, stack, address),
        found,
        why,
        fix,
        ...(allowance && { allowed: allowance.reason }),
      };
    }),
  );
  return { stage: name, findings, unused: settings.lintAllow.filter((entry) => !used.has(entry)) };
}

/** What stands in the place of a stack for what the contract declares. */
const CONTRACT = 'contract';

/** An entry of LINT_ALLOW, `RULE PATH: REASON`; settings.conf takes no other. */
function parseAllowance(entry: string) {
  const [, rule = '', pattern = '', reason = ''] = /^(\S+) (\S+): (.+)$/.exec(entry) ?? [];
  return { rule, reason, allows: compileWildcard(pattern) };
}

/** Stacks that have a file below stacks/ by their name; the others are of an environment. */
const OWN_FILES = [
  'api',
  'base',
  'callers',
  'certificates',
  'container',
  'data',
  'edge',
  'entry',
  'observability',
  'routing',
];

function fileOf(stage: string, stack: string, address: string): string {
  if (stack === CONTRACT) return `functions/contract/${address}.ts`;
  const kind = stack.slice(stage.length + 1).replace(/-(primary|secondary)$/, '');
  return `stacks/${OWN_FILES.includes(kind) ? kind : 'environment'}.ts`;
}
