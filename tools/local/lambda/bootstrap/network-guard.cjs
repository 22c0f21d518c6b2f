// @ts-check
/**
 * Keeps a function's connections away from AWS: every TCP connection and every look-up of a name that is AWS's, or of an address that only an
 * AWS machine has, ends in an error that names it. Loaded before everything else, in the process's workers as well, so that whatever makes
 * connections (http, https, http2, tls, fetch, an SDK of its own) meets it. CommonJS: worker threads take over `--require`, not `--import`.
 */
const { channel } = process.getBuiltinModule('node:diagnostics_channel');
const dns = process.getBuiltinModule('node:dns');
const { syncBuiltinESMExports } = process.getBuiltinModule('node:module');
const { Socket } = process.getBuiltinModule('node:net');

/** The diagnostics channel that hears of each refusal: `{ host, message }`. */
const REFUSED_CHANNEL = 'two-region.connection-refused';

/** Names below these are AWS's: service endpoints, their partitions, dual-stack names, function URLs. */
const AWS_DOMAINS = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'amazonaws.eu',
  'amazonwebservices.com.cn',
  'aws',
  'awsapprunner.com',
];

/** Instance metadata (IPv4, IPv6), credentials of ECS and EKS. */
const AWS_ADDRESSES = ['169.254.169.254', 'fd00:ec2::254', '169.254.170.2', '169.254.170.23', 'fd00:ec2::23'];

/** Some operations put a prefix before their host (`sync-127.0.0.1`): what is meant is this machine. */
const PREFIXED_LOOPBACK = /^[\w.-]+[.-](?:127\.0\.0\.1|localhost)$/;

const served = Object.keys(process.env).flatMap(
  (name) => /^AWS_ENDPOINT_URL_(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? [],
);

class NotServedLocallyError extends Error {
  /** @override */
  name = 'NotServedLocallyError';
  code = 'ERR_NOT_SERVED_LOCALLY';

  /** @param {string} host */
  constructor(host) {
    const advice =
      'The SDK for JavaScript 3 finds the services of the local runtime by AWS_ENDPOINT_URL and its like; another client, such as aws-sdk 2, needs an endpoint of its own.';
    super(
      `Connection to ${host} refused: nothing leaves this machine. Served locally are ${served.join(', ') || 'none'}. ${advice}`,
    );
    this.hostname = host;
  }
}

/**
 * @param {unknown} host
 * @returns {NotServedLocallyError | undefined} told of already
 */
function refusal(host) {
  if (typeof host !== 'string') return undefined;
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/^::ffff:/, '')
    .replace(/\.$/, '');
  const isAws = AWS_DOMAINS.some((domain) => name === domain || name.endsWith(`.${domain}`));
  if (!isAws && !AWS_ADDRESSES.includes(name)) return undefined;
  const error = new NotServedLocallyError(name);
  channel(REFUSED_CHANNEL).publish({ host: name, message: error.message });
  return error;
}

/** @typedef {(...args: any[]) => any} Anything */

/**
 * A call of `connect`, in any of its forms (options, port and host, what net has made of them), as options and listener.
 *
 * @param {unknown[]} args
 * @returns {{ options: { host?: unknown, port?: unknown }, listener: unknown }}
 */
function readConnect(args) {
  const given = Array.isArray(args[0]) ? args[0] : args;
  const listener = given.at(-1);
  const [first, second] = given;
  if (typeof first === 'object' && first !== null) return { options: first, listener };
  return { options: { port: first, host: typeof second === 'string' ? second : undefined }, listener };
}

const connect = /** @type {Anything} */ (Socket.prototype.connect);
Socket.prototype.connect = /** @type {typeof Socket.prototype.connect} */ (
  /** @this {import('node:net').Socket} @param {unknown[]} args */
  function (...args) {
    const { options, listener } = readConnect(args);
    const error = refusal(options.host);
    if (!error) return connect.apply(this, args);
    // As a name that can't be looked up: whoever connects gets the error when and where it is listened for.
    const lookup = (/** @type {unknown} */ _name, /** @type {unknown} */ _options, /** @type {Anything} */ done) =>
      void setImmediate(done, error);
    const refused = { ...options, host: 'refused.invalid', lookup };
    return typeof listener === 'function' ? connect.call(this, refused, listener) : connect.call(this, refused);
  }
);

/**
 * Replaces a function that looks names up: `(name, …, callback)`.
 *
 * @param {object} owner
 * @param {string} name
 */
function guardCallback(owner, name) {
  const original = Reflect.get(owner, name);
  if (typeof original !== 'function') return;
  const guarded = /** @this {unknown} @param {unknown[]} args */ function (...args) {
    const callback = args.at(-1);
    const error = refusal(args[0]);
    if (error && typeof callback === 'function') return void process.nextTick(() => callback(error));
    if (name === 'lookup' && typeof args[0] === 'string' && PREFIXED_LOOPBACK.test(args[0])) args[0] = '127.0.0.1';
    return original.apply(this, args);
  };
  Reflect.set(owner, name, Object.assign(guarded, original));
}

/**
 * Replaces a function that looks names up and promises.
 *
 * @param {object} owner
 * @param {string} name
 */
function guardPromise(owner, name) {
  const original = Reflect.get(owner, name);
  if (typeof original !== 'function') return;
  Reflect.set(
    owner,
    name,
    /** @this {unknown} @param {unknown[]} args */ function (...args) {
      const error = refusal(args[0]);
      return error ? Promise.reject(error) : original.apply(this, args);
    },
  );
}

const LOOKUPS = ['lookup', ...Object.keys(dns.promises).filter((name) => /^resolve/.test(name))];
for (const name of LOOKUPS) {
  guardCallback(dns, name);
  guardPromise(dns.promises, name);
  guardCallback(dns.Resolver.prototype, name);
  guardPromise(dns.promises.Resolver.prototype, name);
}
syncBuiltinESMExports();
