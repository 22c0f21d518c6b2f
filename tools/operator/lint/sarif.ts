import type { LintReport } from './lint-stage.ts';
import { RULES } from './rules/rules.ts';

/**
 * The report for code review, with a result per finding; what is allowed is in it as suppressed.
 *
 * Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
 */
export function sarifOf({ findings, unused }: LintReport) {
  const results = findings.map(({ rule, path, file, found, fix, allowed }) => ({
    ruleId: rule,
    level: 'error',
    message: { text: `${found} ${fix}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: file, uriBaseId: '%SRCROOT%' } },
        logicalLocations: [{ fullyQualifiedName: path, kind: 'resource' }],
      },
    ],
    ...(allowed !== undefined && { suppressions: [{ kind: 'external', justification: allowed }] }),
  }));
  const idle = unused.map((entry) => ({
    ruleId: UNUSED.id,
    level: 'error',
    message: { text: `Nothing needs "${entry}". Delete it.` },
    locations: [{ physicalLocation: { artifactLocation: { uri: 'settings.conf', uriBaseId: '%SRCROOT%' } } }],
  }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'two-region lint',
            rules: [...RULES, UNUSED].map(({ id, title, why }) => ({
              id,
              shortDescription: { text: title },
              fullDescription: { text: why },
            })),
          },
        },
        results: [...results, ...idle],
      },
    ],
  };
}

const UNUSED = {
  id: 'unused-allowance',
  title: 'LINT_ALLOW names what there is.',
  why: 'What allows nothing today would hide a fault tomorrow.',
};
