import { retryWhile } from './retry.ts';

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
export async function ensureSettings(
  isNew: boolean,
  settings: readonly Setting[],
  pauseMilliseconds?: number,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const setting of settings) {
    const wasSet = await setting.isSet();
    if (!wasSet) await retryWhile(isPassing, () => setting.set(), pauseMilliseconds);
    findings.push({ name: setting.name, outcome: isNew ? 'made' : wasSet ? 'existed' : 'repaired' });
  }
  return findings;
}

/** What a bucket and a table that were made a moment ago answer until everybody knows of them. */
const PASSING: ReadonlySet<string> = new Set([
  // Amazon S3, Error responses: another change of the bucket is under way.
  'OperationAborted',
  'NoSuchBucket',
  // A new table has no backups to switch on yet.
  'ContinuousBackupsUnavailableException',
]);

/** Versioning that was switched on a moment ago is not yet seen by replication, nor a role that was made then. */
export function isPassing({ name, message }: Error): boolean {
  return PASSING.has(name) || (name === 'InvalidRequest' && /versioning must be|role/i.test(message));
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
