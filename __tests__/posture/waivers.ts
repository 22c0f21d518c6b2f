/** A finding that is meant to be: a row of docs/waivers.md. */
export interface Waiver {
  /** Of checkov: `CKV_AWS_158`. */
  readonly check: string;
  /** {@link Finding.path}, `*` for any text. */
  readonly resources: string;
  readonly reason: string;
  readonly endsWith: string;
}

export interface Finding {
  readonly check: string;
  /** What checkov calls it. */
  readonly title: string;
  /** Stack without its stage, and the resource's name without its hash: `api-primary/events_function`. */
  readonly path: string;
}

/** @throws Error that names each row which is not whole */
export function parseWaivers(markdown: string): readonly Waiver[] {
  const rows = markdown.split('\n').filter((line) => line.startsWith('| CKV'));
  const waivers = rows.map((row) => {
    const [check = '', resources = '', reason = '', endsWith = ''] = row
      .split('|')
      .map((cell) => cell.trim())
      .slice(1);
    return { check, resources: resources.replaceAll('`', ''), reason, endsWith };
  });
  const broken = waivers.filter((waiver) => Object.values(waiver).some((cell) => cell === ''));
  if (broken.length > 0) throw new Error(`Rows with an empty cell: ${broken.map(({ check }) => check).join(', ')}`);
  return waivers;
}

/** What no waiver is for, and the waivers that nothing needs. */
export function judge(findings: readonly Finding[], waivers: readonly Waiver[]) {
  const isFor = ({ check, resources }: Waiver) => {
    const pattern = new RegExp(`^${resources.split('*').map(escaped).join('.*')}$`);
    return (finding: Finding) => finding.check === check && pattern.test(finding.path);
  };
  return {
    unwaived: findings.filter((finding) => !waivers.some((waiver) => isFor(waiver)(finding))),
    unneeded: waivers.filter((waiver) => !findings.some(isFor(waiver))),
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
}
