/** How long an SDK client may try. */
export interface Patience {
  /** Attempts at one request, the first included; the SDK waits between them with exponential backoff and jitter. */
  readonly maxAttempts: number;
  /** Milliseconds until a connection must stand, TLS included. */
  readonly connectMs: number;
  /** Milliseconds that one attempt may take. */
  readonly attemptMs: number;
}

/**
 * Settings that any AWS SDK client takes. Without `throwOnRequestTimeout` the SDK only warns of a request that takes too long.
 *
 * Source: AWS SDK for JavaScript v3 Developer Guide, "Configure timeouts" and "Retry behavior".
 */
export function clientSettings({ maxAttempts, connectMs, attemptMs }: Patience) {
  return {
    maxAttempts,
    requestHandler: { connectionTimeout: connectMs, requestTimeout: attemptMs, throwOnRequestTimeout: true },
  };
}
