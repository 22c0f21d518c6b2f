/** An error that AWS documents to pass by waiting. */
interface PassingError {
  readonly pattern: RegExp;
  /** Why AWS answers it, for who waits. */
  readonly cause: string;
}

/**
 * What a first deploy may meet while the news of a new bucket, object or role spreads. The provider waits for most of it itself; what is left of
 * it here has outlasted that.
 */
const PASSING: readonly PassingError[] = [
  {
    // Amazon S3 User Guide, "Enabling versioning on buckets"; Terraform and Lambda word it differently.
    pattern: /NoSuchKey|The specified key does not exist|NoSuchVersion/,
    cause: 'S3 may not find objects for 15 minutes after versioning of their bucket was first switched on',
  },
  {
    // Amazon S3 API Reference, "Error responses".
    pattern: /OperationAborted|conflicting conditional operation/,
    cause: 'S3 makes one change of a bucket at a time, and another is under way',
  },
  {
    // IAM User Guide, "Troubleshoot IAM", changes that I make are not always immediately visible.
    pattern: /role defined for the function cannot be assumed by Lambda|Invalid principal in policy/,
    cause: 'IAM needs its time until a new role is known everywhere',
  },
  {
    // Amazon API Gateway Developer Guide, "Quotas for creating, deploying and managing an API"; Lambda and IAM word it so, too.
    pattern: /TooManyRequestsException|ThrottlingException|Throttling:|Rate exceeded/,
    cause: 'AWS takes so many changes per second of an account, whoever makes them',
  },
  {
    // Amazon API Gateway Developer Guide, "Configure logging for HTTP APIs": CloudWatch Logs learns of a delivery by a policy of the account.
    pattern: /Insufficient permissions to enable logging/,
    cause:
      "CloudWatch Logs may not know yet that API Gateway delivers logs here; if it lasts, it is the deployer's rights",
  },
];

/** Seconds to wait before a stack is planned and applied again, one after the other. */
const PAUSES_SECONDS = [15, 30, 60] as const;

/** Why an error of Terraform passes, and how long to wait. @param attempt - how often it was tried, from 1 */
export function passingError(
  text: string,
  attempt: number,
): { readonly cause: string; readonly seconds: number } | undefined {
  const cause = causeOf(text);
  const seconds = PAUSES_SECONDS[attempt - 1];
  return cause === undefined || seconds === undefined ? undefined : { cause, seconds };
}

/** The same, of an error that was not waited for, or has outlasted it: what to do about it. @param tries - how often it was tried */
export function lastingError(text: string, tries: number): string | undefined {
  const cause = causeOf(text);
  if (cause === undefined) return undefined;
  const waited = PAUSES_SECONDS.slice(0, tries - 1).reduce((sum, seconds) => sum + seconds, 0);
  const tried = tries === 1 ? '' : ` It was tried ${tries} times, ${waited} s and more apart.`;
  return `${cause}.${tried} Give the same command again in some minutes.`;
}

function causeOf(text: string): string | undefined {
  return PASSING.find(({ pattern }) => pattern.test(text))?.cause;
}
