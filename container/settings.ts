import * as z from 'zod/mini';

const seconds = (fallback: number) => wholeNumber(0, 3600, fallback);

/** What the service is told by environment variables, beside those that its operations read. Each has a default. */
const schema = z.object({
  /** Name of the API, on its page. */
  APP_NAME: z._default(z.string(), 'API'),
  /** What operations are told is the API environment. */
  API_ENVIRONMENT: z._default(z.string().check(z.minLength(1)), 'container'),
  HOST: z._default(z.string().check(z.minLength(1)), '0.0.0.0'),
  /** 0: any free port. */
  PORT: wholeNumber(0, 65_535, 8080),
  /** How long the load balancer keeps a connection without a request; the service keeps it longer. Default: that of an Application Load Balancer. */
  LOAD_BALANCER_IDLE_SECONDS: seconds(60),
  /** From SIGTERM on the service still takes new connections so long, until whoever sends requests knows that it ends. */
  LINGER_SECONDS: seconds(5),
  /** From SIGTERM to the end at the latest: less than ECS's `stopTimeout`, which is 30 s by default. */
  DRAIN_SECONDS: seconds(25),
});

/** See the schema; times in milliseconds. */
export interface ServiceSettings {
  readonly appName: string;
  readonly apiEnvironment: string;
  readonly host: string;
  readonly port: number;
  /** Longer than the load balancer's: else it would send a request into a connection that is just being closed, and tell the client 502. */
  readonly keepAliveMilliseconds: number;
  readonly lingerMilliseconds: number;
  readonly drainMilliseconds: number;
}

const LONGER_SECONDS = 5;

/** The environment is not usable; the message names every variable that is wrong. */
class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly exitCode = 2;
}

/**
 * Reads the service's own environment variables; an empty one counts as absent.
 *
 * Source: Elastic Load Balancing User Guide for Application Load Balancers, "HTTP client keepalive duration", "Connection idle timeout";
 * Amazon ECS Developer Guide, "Container timeouts".
 *
 * @throws SettingsError naming every variable that holds what is not allowed
 */
export function readSettings(source: Readonly<Record<string, string | undefined>> = process.env): ServiceSettings {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => {
      const name = path.join('.');
      return `${name} is '${given[name]}', ${message}`;
    });
    throw new SettingsError(`The container's environment: ${problems.join('; ')}.`);
  }
  const { data } = parsed;
  if (data.LINGER_SECONDS > data.DRAIN_SECONDS) {
    throw new SettingsError(
      `The container's environment: LINGER_SECONDS is '${data.LINGER_SECONDS}', allowed is at most DRAIN_SECONDS, ${data.DRAIN_SECONDS}.`,
    );
  }
  return {
    appName: data.APP_NAME,
    apiEnvironment: data.API_ENVIRONMENT,
    host: data.HOST,
    port: data.PORT,
    keepAliveMilliseconds: (data.LOAD_BALANCER_IDLE_SECONDS + LONGER_SECONDS) * 1000,
    lingerMilliseconds: data.LINGER_SECONDS * 1000,
    drainMilliseconds: data.DRAIN_SECONDS * 1000,
  };
}

function wholeNumber(least: number, most: number, fallback: number) {
  const isAllowed = (text: string) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most;
  const message = `allowed is a whole number from ${least} to ${most}`;
  return z.pipe(
    z._default(z.string().check(z.refine(isAllowed, message)), String(fallback)),
    z.transform((text: string) => Number(text)),
  );
}
