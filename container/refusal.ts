import { INVALID_API_KEY, NO_SUCH_ROUTE } from '#contract/refusals.ts';
import { MAX_HEADER_BYTES } from '#functions/http/head-limits.ts';
import { MAX_PAYLOAD_BYTES } from '#functions/lambda-payload.ts';

/** What the service itself says to a request, in the gateways' statuses and words. */
const REFUSALS = {
  badEscape: { status: 400, error: 'Bad Request' },
  invalidKey: { status: 403, error: INVALID_API_KEY },
  noRoute: { status: 404, error: NO_SUCH_ROUTE },
  tooLarge: { status: 413, error: `HTTP content length exceeded ${MAX_PAYLOAD_BYTES} bytes.` },
  uriTooLong: { status: 414, error: `An HTTP line is larger than ${MAX_HEADER_BYTES} bytes.` },
  unsupportedType: { status: 415, error: 'Unsupported Media Type' },
  headersTooLarge: { status: 431, error: `HTTP header is larger than ${MAX_HEADER_BYTES} bytes.` },
  keysUnavailable: { status: 503, error: 'The API keys cannot be read' },
  timedOut: { status: 504, error: 'Endpoint request timed out' },
} as const satisfies Readonly<Record<string, { status: number; error: string }>>;

/** A request that the service ends by itself. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(reason: keyof typeof REFUSALS) {
    super(REFUSALS[reason].error);
    this.status = REFUSALS[reason].status;
  }
}

/**
 * What a middleware of Express threw, as the service says it.
 *
 * @returns undefined for what is no client's problem
 */
export function refusalOf(error: unknown): { readonly status: number; readonly error: string } | undefined {
  if (error instanceof Refusal) return { status: error.status, error: error.message };
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  const { status } = error;
  if (status === 413) return REFUSALS.tooLarge;
  if (status === 415) return REFUSALS.unsupportedType;
  return status >= 400 && status < 500 ? { status, error: REFUSALS.badEscape.error } : undefined;
}
