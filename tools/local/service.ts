/** What the runtime starts it can end: `close` frees ports, threads and timers, and may be called more than once. */
export interface Service {
  close(): Promise<void>;
}

/** A service that listens on the loopback address. */
export interface HttpService extends Service {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly url: string;
  readonly port: number;
}
