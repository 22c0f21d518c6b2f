import type { Operation } from '#contract/operation.ts';
import { regionalName } from '#contract/regional-name.ts';
import type { PlainRequest } from './plain-request.ts';
import { type SendOptions, send } from './send.ts';

/** Where an API answers: at its public name, and in each region by the region's own. */
export interface Places {
  /** What operations' paths are appended to. */
  readonly publicUrl: string;
  /** AWS regions, the one that signatures are for at first before the others. @default - none: every attempt goes to the public name */
  readonly regions?: readonly string[] | undefined;
  /** @default the region's own name of the public one: `https://eu-central-1.api.example.com` */
  readonly regionalUrl?: ((region: string) => string) | undefined;
}

export interface AttemptOptions extends Omit<SendOptions, 'signal'> {
  /** Milliseconds that one attempt may take, its response's body included. @default 5000, or a second more than the operation's time-out in the contract */
  readonly attemptMilliseconds?: number | undefined;
}

/** Sends a request until something is known of it. @param requestAt - the request at a base URL */
export type Sender = (
  operation: Pick<Operation, 'auth' | 'idempotencyHeader' | 'isRepeatable' | 'method' | 'timeoutSeconds'>,
  requestAt: (baseUrl: string) => PlainRequest,
  places: Places,
  signal?: AbortSignal,
) => Promise<Response>;

const ATTEMPT_MILLISECONDS = 5000;
const MOST_ATTEMPTS = 3;
/** Before the second attempt; twice that before the third. The wait is a random part of it, so that clients don't come back all at once. */
const BACKOFF_MILLISECONDS = 100;

/**
 * Retries that a client may have in hand, and what each success adds: of ten calls one may be sent again for long, so that retries don't double the
 * load of an API that fails.
 */
const BUDGET = { most: 10, perSuccess: 0.1 };

/** A gateway or a function that is gone or overloaded. */
const UNAVAILABLE: readonly number[] = [502, 503, 504];

/** Responses without a body. Source: Fetch Standard, "null body status". */
const BODILESS: readonly number[] = [204, 205, 304];

/**
 * What gateways say of a signature for another region. An HTTP API gives no reason; its access log has it (`$context.authorizer.error`).
 *
 * Source: Amazon API Gateway Developer Guide, "Troubleshooting issues with HTTP API"; AWS IAM User Guide, "Signature Version 4", credential scope.
 */
const SCOPE_REFUSALS = ['Credential should be scoped to a valid region', '{"message":"Forbidden"}'];

/** Connections that never stood: whatever was to be sent was not. */
const NEVER_SENT: readonly unknown[] = [
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
];

/**
 * Makes a sender, which keeps what it has learned. The first attempt goes to the public name, signed for the region that answered last; further ones
 * to the regions' own names, the other region's first. A request is sent again
 * - when the gateway refuses the signature's region, as the name leads to another one by now,
 * - when no connection stood,
 * - when there was no response, or the API was unavailable, and the operation is repeatable or carries an idempotency key.
 */
export function createSender(options: AttemptOptions): Sender {
  const { attemptMilliseconds, ...sent } = options;
  let home: string | undefined;
  let budget = BUDGET.most;

  const spend = () => {
    if (budget < 1) return false;
    budget -= 1;
    return true;
  };

  return async (operation, requestAt, places, signal) => {
    const { publicUrl, regions = [], regionalUrl = (region: string) => regionalUrlOf(publicUrl, region) } = places;
    const first = regions.find((region) => region === home) ?? regions[0] ?? options.region;
    const others = regions.filter((region) => region !== first);
    const key = operation.idempotencyHeader && { [operation.idempotencyHeader]: crypto.randomUUID() };
    const isRepeatable = operation.isRepeatable ?? (operation.method === 'GET' || key !== undefined);
    const attempt = async (region: string | undefined, baseUrl: string) => {
      const { headers, ...request } = requestAt(baseUrl);
      const limit = AbortSignal.timeout(attemptMilliseconds ?? patience(operation));
      return whole(
        await send(
          operation,
          { ...request, headers: { ...key, ...headers } },
          {
            ...sent,
            ...(region !== undefined && { region }),
            signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
          },
        ),
      );
    };
    let region = first;
    let baseUrl = publicUrl;
    for (let made = 1; ; made++) {
      const isLast = made === MOST_ATTEMPTS;
      try {
        const response = await attempt(region, baseUrl);
        const isElsewhere = operation.auth === 'iam' && (await isScopeRefusal(response));
        if (isElsewhere && made <= others.length) {
          // Nothing was done: the other region says whether it is the region or the caller.
        } else if (isLast || !isRepeatable || !UNAVAILABLE.includes(response.status) || !spend()) {
          if (response.status < 500) budget = Math.min(BUDGET.most, budget + BUDGET.perSuccess);
          if (!isElsewhere && (operation.auth === 'iam' || baseUrl !== publicUrl)) home = region;
          return response;
        } else await pause(made, signal);
      } catch (error) {
        if (isLast || signal?.aborted || !(isRepeatable || isNeverSent(error)) || !spend()) throw error;
        await pause(made, signal);
      }
      region = others[made - 1] ?? first;
      baseUrl = region === undefined || regions.length === 0 ? publicUrl : regionalUrl(region);
    }
  };
}

/** An operation that may take long is waited for. */
function patience({ timeoutSeconds }: { readonly timeoutSeconds?: number }): number {
  return timeoutSeconds === undefined
    ? ATTEMPT_MILLISECONDS
    : Math.max(ATTEMPT_MILLISECONDS, (timeoutSeconds + 1) * 1000);
}

/** `https://eu-central-1.api.example.com/v1` for `https://api.example.com/v1` */
function regionalUrlOf(publicUrl: string, region: string): string {
  const url = new URL(publicUrl);
  url.host = regionalName(region, url.host);
  return url.href.replace(/\/+$/, '');
}

/** Within the attempt's time the body is read, too. */
async function whole(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  const body = await response.arrayBuffer();
  return new Response(BODILESS.includes(status) ? null : body, { status, statusText, headers });
}

async function isScopeRefusal(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const text = await response.clone().text();
  return SCOPE_REFUSALS.some((refusal) => text.includes(refusal));
}

/** `fetch` keeps the reason in the cause of its error; browsers keep it to themselves. */
function isNeverSent(error: unknown): boolean {
  if (!(error instanceof TypeError) || typeof error.cause !== 'object' || error.cause === null) return false;
  return 'code' in error.cause && NEVER_SENT.includes(error.cause.code);
}

function pause(made: number, signal: AbortSignal | undefined): Promise<void> {
  const milliseconds = Math.random() * BACKOFF_MILLISECONDS * made;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
  });
}
