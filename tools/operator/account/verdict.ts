/** What a check says. `warn`: it works, for now or with less. `skipped`: it could not be asked, or need not be. */
export interface Verdict {
  readonly outcome: 'fail' | 'ok' | 'skipped' | 'warn';
  /** What was found. */
  readonly found: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** What an account is asked before a deploy: what a deploy would otherwise meet in its middle. */
export interface Question {
  readonly name: string;
  /** Looks, and changes nothing. */
  look(): Promise<Verdict>;
}

/** Verdicts of one question in several places: the worst counts, and everything that is wrong is said. */
export function together(verdicts: readonly Verdict[]): Verdict {
  const order: readonly Verdict['outcome'][] = ['fail', 'warn', 'skipped', 'ok'];
  const outcome = order.find((worst) => verdicts.some((verdict) => verdict.outcome === worst)) ?? 'ok';
  const told = verdicts.filter((verdict) => verdict.outcome === outcome || verdict.fix !== undefined);
  const fixes = [...new Set(told.flatMap(({ fix }) => fix ?? []))];
  const found = [...new Set(told.map((verdict) => verdict.found))].join('; ');
  return { outcome, found, ...(fixes.length > 0 && { fix: fixes.join('\n') }) };
}
