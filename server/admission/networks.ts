/**
 * Networks of IP addresses: lists of them to belong to, and the block that an address is counted in.
 *
 * An address is text, as in Address: an IPv4 client of a socket for both families is shown as IPv4 already.
 */
import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ConfigError } from '../../transport/errors.ts';

/** A set of networks. */
export class NetworkList {
  readonly #list = new BlockList();
  readonly #size: number;

  /** `networks` in CIDR notation, `192.0.2.0/24`, or single addresses. Throws ConfigError for `option`. */
  constructor(option: string, networks: readonly string[]) {
    this.#size = networks.length;
    for (const [index, text] of networks.entries()) {
      const [address = '', bits, ...more] = text.split('/');
      const family = address.includes('%') ? undefined : familyOf(address);
      const prefix = bits === undefined ? bitsOf(family) : Number(bits);
      const sound = family && more.length === 0 && /^\d*$/.test(bits ?? '') && bits !== '' && prefix <= bitsOf(family);
      if (!sound) throw new ConfigError(`${option}[${index}]`, `'${text}' is not a network, e.g. 192.0.2.0/24`);
      this.#list.addSubnet(address, prefix, family);
    }
  }

  has(host: string): boolean {
    if (this.#size === 0) return false;
    const address = withoutZone(host);
    const family = familyOf(address);
    return family !== undefined && this.#list.check(address, family);
  }
}

/** How many bits of an address tell sources apart. */
export interface NetBlocks {
  readonly ipv4Bits: number;
  readonly ipv6Bits: number;
}

export interface Source {
  /** `192.0.2.7`, or `2001:db8::/64` for a block. */
  readonly name: string;
  readonly family: 'ipv4' | 'ipv6';
}

/** The block that `host` is counted in; undefined for what is no IP address. */
export function sourceOf(host: string, { ipv4Bits, ipv6Bits }: NetBlocks): Source | undefined {
  const address = withoutZone(host);
  const family = familyOf(address);
  if (!family) return undefined;
  const bits = family === 'ipv4' ? ipv4Bits : ipv6Bits;
  const bytes = ipaddr.parse(address).toByteArray();
  const block = ipaddr.fromByteArray(bytes.map((byte, index) => byte & maskOf(bits - 8 * index)));
  return { name: bits === bitsOf(family) ? block.toString() : `${block.toString()}/${bits}`, family };
}

/** The bits of one byte that the first `bits` of it cover. */
const maskOf = (bits: number): number => (bits >= 8 ? 0xff : bits <= 0 ? 0 : 0xff & (0xff << (8 - bits)));

const bitsOf = (family: 'ipv4' | 'ipv6' | undefined): number => (family === 'ipv4' ? 32 : 128);

/** `fe80::1%eth0` is `fe80::1`: which of our interfaces it came through does not tell sources apart. */
const withoutZone = (host: string): string => host.replace(/%.*$/, '');

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6';
}
