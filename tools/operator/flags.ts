import { InvalidArgumentError } from 'commander';

/** The runtime takes this many ports in a row. */
const PORTS = 6;
const HIGHEST_PORT = 65_535 - (PORTS - 1);

/** `--port`: 0 for any free ports. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > HIGHEST_PORT) {
    throw new InvalidArgumentError(`Allowed is a whole number from 1 to ${HIGHEST_PORT}, or 0 for any free ports.`);
  }
  return port;
}

/** A duration as `250`, `250ms` or `1.5s`. @returns milliseconds */
export function parseMilliseconds(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text) ?? [];
  const milliseconds = Number(amount) * (unit === 's' ? 1000 : 1);
  if (!(milliseconds <= 3_600_000)) {
    throw new InvalidArgumentError('Allowed is a time up to one hour in milliseconds or seconds: 250, 250ms, 1.5s.');
  }
  return milliseconds;
}

/** `--time-scale`: 10 for ten times as fast. */
export function parseTimeScale(text: string): number {
  const scale = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || scale < 0.1 || scale > 1000) {
    throw new InvalidArgumentError('Allowed is a number from 0.1 to 1000; 10 runs ten times as fast.');
  }
  return scale;
}
