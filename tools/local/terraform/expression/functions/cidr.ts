import ipaddr from 'ipaddr.js';
import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { numberText } from '#local/terraform/expression/value/number-text.ts';
import { Sequence, type Value } from '#local/terraform/expression/value/value.ts';
import {
  binary,
  type FunctionTable,
  leading,
  number,
  type Parameter,
  ternary,
  text,
  unary,
  whole,
} from './function-definition.ts';

interface Network {
  /** Its first address. */
  readonly base: bigint;
  readonly prefix: number;
  readonly bits: 32 | 128;
}

const network: Parameter<Network> = (value) => parseNetwork(text(value));

/** A whole number of any size. */
const big: Parameter<bigint> = (value) => {
  const given = number(value);
  if (!given.isWhole) throw new ExpressionError(`got ${numberText(given)}, a whole number is needed`);
  return given.truncate();
};

/** Source: Terraform, "Functions", section IP Network. */
export const cidrFunctions: FunctionTable = {
  cidrhost: binary(network, big, host),
  cidrnetmask: unary(network, ({ prefix, bits }) => {
    if (bits === 128) throw new ExpressionError('IPv6 networks have no netmask');
    return addressText(mask(prefix, bits), bits);
  }),
  cidrsubnet: ternary(network, whole, big, subnet),
  cidrsubnets: leading(network, whole, subnets),
};

/** Source: RFC 4632, "Prefix notation"; leading zeros of a decimal part are allowed, as in Terraform. */
function parseNetwork(given: string): Network {
  const [, address = '', length = ''] = /^([^/]*)\/(\d{1,3})$/.exec(given) ?? [];
  const bits = address.includes(':') ? 128 : 32;
  const value = bits === 128 ? parseIpv6(address) : parseIpv4(address);
  const prefix = Number(length);
  if (value === undefined || length === '' || prefix > bits) {
    throw new ExpressionError(`got ${JSON.stringify(given)}, which is no network such as 10.0.0.0/16`);
  }
  return { base: value & mask(prefix, bits), prefix, bits };
}

function parseIpv4(address: string): bigint | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)?.slice(1).map(Number);
  if (!parts || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parseIpv6(address: string): bigint | undefined {
  if (address.includes('%') || !ipaddr.IPv6.isValid(address)) return undefined;
  return ipaddr.IPv6.parse(address)
    .toByteArray()
    .reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function mask(prefix: number, bits: number): bigint {
  return ((1n << BigInt(prefix)) - 1n) << BigInt(bits - prefix);
}

function addressText(address: bigint, bits: Network['bits']): string {
  const bytes = Array.from({ length: bits / 8 }, (_, byte) =>
    Number((address >> BigInt(bits - 8 * (byte + 1))) & 255n),
  );
  if (bits === 32) return bytes.join('.');
  const ipv6 = new ipaddr.IPv6(bytes);
  return ipv6.isIPv4MappedAddress() ? ipv6.toIPv4Address().toString() : ipv6.toRFC5952String();
}

/** A negative number counts from the end. */
function host({ base, prefix, bits }: Network, position: bigint): string {
  const count = 1n << BigInt(bits - prefix);
  if (position >= count || position < -count) {
    throw new ExpressionError(`a network with a prefix of ${prefix} has no host numbered ${position}`);
  }
  return addressText(base + (position < 0n ? count + position : position), bits);
}

function subnet({ base, prefix, bits }: Network, newBits: number, position: bigint): string {
  const length = prefix + newBits;
  if (newBits < 0 || length > bits) {
    throw new ExpressionError(`a prefix of ${prefix} cannot be extended by ${newBits}; there are ${bits} bits`);
  }
  // As Terraform compares it: without its sign.
  if ((position < 0n ? -position : position) >= 1n << BigInt(newBits)) {
    throw new ExpressionError(`an extension of ${newBits} bits has no subnet numbered ${position}`);
  }
  // A negative number makes the address that Terraform makes of it: the size of a number in two's complement.
  const address = base | (position << BigInt(bits - length));
  return `${addressText(address < 0n ? -address : address, bits)}/${length}`;
}

/** Each follows the one before, at the next address where its prefix can begin. */
function subnets({ base, prefix, bits }: Network, extensions: readonly number[]): Value {
  const end = base + (1n << BigInt(bits - prefix));
  let next = base;
  const found = extensions.map((extension) => {
    if (extension < 1 || extension > 32) throw new ExpressionError(`got ${extension} bits; allowed are 1 to 32`);
    const length = prefix + extension;
    if (length > bits) throw new ExpressionError(`a prefix of ${length} is too long; there are ${bits} bits`);
    const size = 1n << BigInt(bits - length);
    const start = ((next + size - 1n) / size) * size;
    if (start + size > end) throw new ExpressionError(`there is no room left for a subnet with a prefix of ${length}`);
    next = start + size;
    return `${addressText(start, bits)}/${length}`;
  });
  return Sequence.list('string', found);
}
