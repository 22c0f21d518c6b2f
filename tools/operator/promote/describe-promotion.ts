import { columns } from '../cli/columns.ts';
import type { Colors } from '../cli/terminal.ts';
import type { Promotion } from './promotion.ts';
import type { SmokeResult } from './smoke.ts';

/** What a promotion did, what the calls came to, and what can be done next. */
export function describePromotion(promotion: Promotion, colors: Colors): string {
  const { stage, target, environment, functions, smoke } = promotion;
  const rows = functions.map(({ name, before, versions, codeSha256 }) => [
    name,
    move(before.primary, versions.primary),
    move(before.secondary, versions.secondary),
    codeSha256,
  ]);
  const [head = '', ...lines] = columns([['function', 'primary', 'secondary', 'code'], ...rows]);
  const failed = smoke.filter(({ problem }) => problem !== undefined);
  return [
    colors.bold(head),
    ...lines,
    `Pinned in ${environment}: deploys leave them there until \`two-region deploy ${stage} ${environment} --with-new-versions\`.`,
    ...describeSmoke(smoke, environment, colors),
    failed.length === 0
      ? `Live traffic stays on ${target}. Move it with: two-region switch ${stage} ${environment}`
      : `Live traffic stays on ${target}, and ${environment} runs what was promoted.`,
  ].join('\n');
}

function move(before: string | null, version: string): string {
  return before === version ? version : `${before ?? '-'} → ${version}`;
}

function describeSmoke(smoke: readonly SmokeResult[], environment: string, colors: Colors): string[] {
  if (smoke.length === 0) return ['No calls were made.'];
  const failed = smoke.filter(({ problem }) => problem !== undefined);
  if (failed.length === 0) return [colors.green(`${environment} answered ${smoke.length} calls as the contract says.`)];
  const rows = failed.map(({ regionType, route, summary, problem = '' }) => [regionType, route, summary, problem]);
  return [
    colors.red(`${environment} did not answer ${failed.length} of ${smoke.length} calls as the contract says:`),
    ...columns(rows).map((line) => `  ${line}`),
  ];
}
