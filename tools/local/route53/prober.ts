import type { Clock } from '#local/clock.ts';
import { RUNNING_CLOCK } from '#local/debug/running-time.ts';
import type { FailureMode } from '#local/failure/failure.ts';
import type { HealthCheck } from '#local/model/model.ts';
import { type Place, roundTrip } from './places.ts';
import { type Observation, type Probe, probe } from './probe.ts';

/** Route 53's limits: "How Route 53 determines whether a health check is healthy", HTTP and HTTPS checks. */
export const CONNECT_MILLISECONDS = 4000;
export const ANSWER_MILLISECONDS = 2000;
/** However fast time runs, a busy machine gets this long to respond, or health would flap. */
const SHORTEST_TIMEOUT_MILLISECONDS = 1000;
/** However fast time runs, the probers of a check don't ask more often than this: they share what one of them saw. */
const SHARED_MILLISECONDS = 25;
/** Handshake of TLS 1.3, and the request. */
const TRIPS_AFTER_CONNECTING = 2;

/** Where a check's domain name is served. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** AWS region, for the way that packets have. @default none of a way */
  readonly region?: string;
  /** How it fails, if it does. */
  readonly failure?: FailureMode | undefined;
  /** Whether something behind it fails now and then, so that what one prober sees says nothing of what the next will. @default false */
  readonly erratic?: boolean;
}

/** Whether a prober takes an endpoint that responds so late for one that doesn't. */
export function staysSilent(delayMilliseconds: number, place: Place, region: string): boolean {
  return delayMilliseconds + TRIPS_AFTER_CONNECTING * roundTrip(place, region) >= ANSWER_MILLISECONDS;
}

export interface ProberOptions {
  readonly resolve: (fqdn: string) => Endpoint | undefined;
  readonly timeScale: number;
  readonly signal: AbortSignal;
  /** What a prober of a check saw last, for its others. */
  readonly shared: WeakMap<HealthCheck, Shared>;
  /** @default - this machine's, in which functions run */
  readonly clock?: Clock;
  /** @default - over HTTP */
  readonly ask?: (target: Probe, signal: AbortSignal) => Promise<Observation>;
}

/** What a prober saw, and when: the clock's `now()`. */
interface Shared {
  readonly at: number;
  readonly observation: Promise<Observation>;
}

/** One of the probers of a health check. */
export class Prober {
  /** What it says of the endpoint. */
  up = true;
  /** Results in a row that speak against it. */
  #different = 0;
  /** Ends the wait that is under way: a prober never has two. */
  #endWait = () => {};
  #stopped = false;
  #lastSeen: Shared | undefined;
  #check: HealthCheck;
  readonly #place: Place;
  readonly #phase: number;
  readonly #options: ProberOptions;
  readonly #clock: Clock;

  /** @param phase - part of an interval, 0 to 1, until its first probe */
  constructor(check: HealthCheck, place: Place, phase: number, options: ProberOptions) {
    this.#check = check;
    this.#place = place;
    this.#phase = phase;
    this.#options = options;
    this.#clock = options.clock ?? RUNNING_CLOCK;
  }

  /** @param judged - hears of each result once it has been counted */
  start(judged: (observation: Observation) => void): void {
    this.#schedule(this.#check.requestIntervalSeconds * 1000 * this.#phase, judged);
  }

  /** It keeps its verdict and counts anew. */
  change(check: HealthCheck): void {
    this.#check = check;
    this.#different = 0;
  }

  stop(): void {
    this.#stopped = true;
    this.#endWait();
  }

  #schedule(milliseconds: number, judged: (observation: Observation) => void): void {
    const ask = async () => {
      const asked = this.#check;
      const observation = await this.#observe(asked);
      if (this.#stopped) return;
      // What the check was before an update says nothing of what it is now.
      if (this.#check === asked) {
        this.#count(observation.success);
        judged(observation);
      }
      // The interval begins with the response (Route 53 API Reference, `RequestInterval`).
      this.#schedule(this.#check.requestIntervalSeconds * 1000, judged);
    };
    this.#wait(milliseconds, ask);
  }

  #count(success: boolean): void {
    this.#different = success === this.up ? 0 : this.#different + 1;
    if (this.#different < this.#check.failureThreshold) return;
    this.up = success;
    this.#different = 0;
  }

  /** Time that passes on AWS for certain is waited for at the pace of this run; what a busy machine takes is given the time that it needs. */
  async #observe(check: HealthCheck): Promise<Observation> {
    const endpoint = this.#options.resolve(check.fqdn);
    if (!endpoint) return { success: false, reason: `${check.fqdn} does not resolve` };
    const { failure, region } = endpoint;
    const trip = region === undefined ? 0 : roundTrip(this.#place, region);
    if (failure?.kind === 'drop') return this.#waitInVain();
    if (failure?.kind === 'refuse') {
      await this.#pass(trip);
      return { success: false, reason: 'no answer: the connection was refused' };
    }
    const delay = failure?.kind === 'slow' ? failure.milliseconds : 0;
    if (region !== undefined && staysSilent(delay, this.#place, region)) {
      await this.#pass(trip + ANSWER_MILLISECONDS);
      return { success: false, reason: `connected, but no answer within ${ANSWER_MILLISECONDS} ms` };
    }
    const [observation] = await Promise.all([
      this.#ask(check, endpoint, delay),
      this.#pass(trip * (1 + TRIPS_AFTER_CONNECTING)),
    ]);
    // The connection broke here, at once; on AWS what is on its way is lost without a word.
    const dropped = !observation.success && this.#options.resolve(check.fqdn)?.failure?.kind === 'drop';
    return dropped ? this.#waitInVain() : observation;
  }

  async #waitInVain(): Promise<Observation> {
    await this.#pass(CONNECT_MILLISECONDS);
    return { success: false, reason: `no TCP connection within ${CONNECT_MILLISECONDS} ms` };
  }

  #ask(check: HealthCheck, { host, port, erratic = false }: Endpoint, delay: number): Promise<Observation> {
    const shared = this.#options.shared.get(check);
    const now = this.#clock.now();
    if (!erratic && shared && shared !== this.#lastSeen && now - shared.at < SHARED_MILLISECONDS) {
      this.#lastSeen = shared;
      return shared.observation;
    }
    const { timeScale, signal, ask = probe } = this.#options;
    const scaled = (milliseconds: number) => Math.max(milliseconds / timeScale, SHORTEST_TIMEOUT_MILLISECONDS);
    const target = {
      host,
      port,
      path: check.resourcePath || '/',
      hostHeader: check.fqdn,
      connectMilliseconds: scaled(CONNECT_MILLISECONDS),
      answerMilliseconds: scaled(ANSWER_MILLISECONDS) + delay / timeScale,
      ...(check.searchString !== undefined && { searchString: check.searchString }),
    };
    this.#lastSeen = { at: now, observation: ask(target, signal) };
    this.#options.shared.set(check, this.#lastSeen);
    return this.#lastSeen.observation;
  }

  /** By the clock: a timer alone counts from when its turn of the event loop began, and after a long turn it ends too early. */
  #wait(milliseconds: number, work: () => void): void {
    this.#endWait = this.#clock.after(milliseconds / this.#options.timeScale, work);
  }

  #pass(milliseconds: number): Promise<void> {
    if (milliseconds === 0) return Promise.resolve();
    return new Promise((resolve) => this.#wait(milliseconds, resolve));
  }
}
