/** What AWS refused, and the provider asks again in silence. */
export interface Refusal {
  /** `aws_api_gateway_integration` */
  readonly resourceType: string;
  /** HTTP status. */
  readonly status: number;
  /** `ThrottlingException`. @default - AWS gave none */
  readonly code?: string;
  /** `UpdateIntegration`. @default - it is not known */
  readonly call?: string;
}

/** How a line begins that is one of a log: Terraform's own, or the provider's. */
const ENTRY = /^\d{4}-\d\d-\d\dT\S+ \[(?:TRACE|DEBUG|INFO|WARN|ERROR)\]/;
const THROTTLED = /throttl|toomanyrequests|requestlimitexceeded|slowdown|rate ?exceeded/i;
const TOO_MANY_REQUESTS = 429;

/**
 * Reads the provider's log line by line and keeps nothing of it but what it looks for.
 *
 * Source: Terraform documentation, "Debugging Terraform", `TF_LOG_PROVIDER`; hclog, which writes a value of several lines below its entry, indented.
 */
export class ProviderLog {
  #entry: string | undefined;
  #isLog = false;
  readonly #onRefusal: (refusal: Refusal) => void;

  constructor(onRefusal: (refusal: Refusal) => void) {
    this.#onRefusal = onRefusal;
  }

  /** @returns whether the line belongs to a log; any other is Terraform's word to its user */
  take(line: string): boolean {
    if (ENTRY.test(line)) {
      this.end();
      this.#isLog = true;
      this.#entry = line.includes('HTTP Response Received') ? line : undefined;
      return true;
    }
    this.#isLog &&= /^\s/.test(line);
    if (this.#isLog && this.#entry !== undefined) this.#entry += `\n${line}`;
    return this.#isLog;
  }

  /** No other line belongs to the entry. */
  end(): void {
    const refusal = this.#entry === undefined ? undefined : refusalIn(this.#entry);
    this.#entry = undefined;
    if (refusal !== undefined) this.#onRefusal(refusal);
  }
}

function refusalIn(entry: string): Refusal | undefined {
  const field = (name: string) => new RegExp(`(?:^|\\s)${name}="?([^"\\s]+)`).exec(entry)?.[1];
  const status = Number(field('http\\.status_code'));
  const resourceType = field('tf_resource_type');
  if (resourceType === undefined || !(status >= 400)) return undefined;
  // REST services name the error in a header, those that speak JSON in the body.
  const named =
    field('http\\.response\\.header\\.x_amzn_errortype') ?? /"__type": ?"(?:[^"#]*#)?(\w+)"/.exec(entry)?.[1];
  const code = named?.split(':')[0];
  const call = field('rpc\\.method') ?? field('aws\\.operation');
  const refusal = { resourceType, status, ...(code !== undefined && { code }), ...(call !== undefined && { call }) };
  return status >= 500 || isThrottled(refusal) ? refusal : undefined;
}

function isThrottled({ status, code = '' }: Refusal): boolean {
  return status === TOO_MANY_REQUESTS || THROTTLED.test(code);
}

/** `AWS throttles (ThrottlingException of PutParameter, 12 times)` @param times - how often it was refused */
export function describeRefusal(refusal: Refusal, times: number): string {
  const { status, code, call } = refusal;
  const what = `${code ?? status}${call === undefined ? '' : ` of ${call}`}, ${times === 1 ? 'once' : `${times} times`}`;
  return isThrottled(refusal)
    ? `AWS throttles (${what})`
    : `the provider retries: ${code === undefined ? '' : `${status} `}${what}`;
}
