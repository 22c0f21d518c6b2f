import type { ReleaseChange } from '#local/release/release-changes.ts';
import { columns } from '#operator/cli/columns.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { withoutFlag } from '#operator/regions/left-region.ts';
import { otherRegion } from '#stacks/context.ts';
import type { LocalDeployReport } from './deploy-locally.ts';

/** What a local deploy came to, and what comes next. */
export function describeLocalDeploy(report: LocalDeployReport, colors: Colors): string {
  const { stage, target, environment, versions, changes, without } = report;
  const where = without === undefined ? 'both regions' : `the ${otherRegion(without)} region`;
  const changed = versions.filter(({ before, version }) => before !== version);
  const rows = changed.map(({ function: name, region, before, version }) => [
    name,
    region,
    before === undefined ? `new: ${version}` : `${before} → ${version}`,
  ]);
  const others = changes.filter(({ kind, action }) => kind !== 'function' || action === 'remove');
  return [
    `${colors.green('✓')} ${environment} has the release in ${where}. Traffic goes to ${target}, as before.`,
    ...(rows.length === 0 ? ['  No function has changed.'] : columns(rows).map((row) => `  ${row}`)),
    ...columns(others.map(changeLine)).map((row) => `  ${row}`),
    ...(environment === target
      ? []
      : ['', `Next: two-region switch ${stage} ${environment} --local${withoutFlag(without)}`]),
  ].join('\n');
}

/** A change in columns: what, how, which, of which regions, and whether every environment has it at once. */
export function changeLine({ kind, name, action, detail, live, regions }: ReleaseChange): readonly string[] {
  const where = regions.length === 2 ? [] : [`(${regions.join()} only)`];
  return [SIGNS[action], kind, [name, ...where].join(' '), detail, ...(live ? ['LIVE'] : [])];
}

const SIGNS: Readonly<Record<ReleaseChange['action'], string>> = { add: '+', change: '~', remove: '-' };
