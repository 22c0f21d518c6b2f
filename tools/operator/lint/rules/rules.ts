import type { Rule } from '#operator/lint/rule.ts';
import { DATA_RULES } from './data.ts';
import { EDGE_RULES } from './edge.ts';
import { ENCRYPTION_RULES } from './encryption.ts';
import { GUARD_RULES } from './guard.ts';
import { HEALTH_RULES } from './health.ts';
import { INVOCATION_RULES } from './invocation.ts';
import { POLICY_RULES } from './policies.ts';
import { REGION_RULES } from './regions.ts';

/** All that `two-region lint` looks for. */
export const RULES: readonly Rule[] = [
  ...INVOCATION_RULES,
  ...HEALTH_RULES,
  ...EDGE_RULES,
  ...DATA_RULES,
  ...REGION_RULES,
  ...GUARD_RULES,
  ...POLICY_RULES,
  ...ENCRYPTION_RULES,
];
