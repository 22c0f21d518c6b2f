/** `existed`: was as it must be. `made`: belongs to a resource that this run made. `repaired`: was missing or different on an existing one. */
export type Outcome = 'existed' | 'made' | 'repaired';

/** What was found of a resource, or of one of its settings, and done about it. */
export interface Finding {
  /** `bucket`, `lock table`, or a setting: `versioning`. */
  readonly name: string;
  readonly outcome: Outcome;
}

/** A setting of a resource that must have one value. */
export interface Setting {
  /** `versioning`, `encryption` … */
  readonly name: string;
  /** Whether it is as it must be. */
  isSet(): Promise<boolean>;
  set(): Promise<void>;
}

/** Brings settings to what they must be, one after the other: S3 and DynamoDB refuse two changes of one resource at once. */
export async function ensureSettings(isNew: boolean, settings: readonly Setting[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const setting of settings) {
    const wasSet = await setting.isSet();
    if (!wasSet) await setting.set();
    findings.push({ name: setting.name, outcome: isNew ? 'made' : wasSet ? 'existed' : 'repaired' });
  }
  return findings;
}

/** An answer, or `undefined` where the service says by an error of one of these names that there is none. */
export async function unless<T>(absent: readonly string[], answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && absent.includes(error.name)) return undefined;
    throw error;
  }
}
