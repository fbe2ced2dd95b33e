/**
 * The header of the PROXY protocol, versions 1 and 2: who connected to the proxy, read from the first bytes of a stream.
 *
 * Bytes in, an answer out: nothing here reads a socket or decides whom to believe. A header is at most 107 bytes in
 * version 1; in version 2 we take 4 096 of the 65 551 that its length field could say. Its additions (TLVs) are walked
 * over, and the checksum among them is checked. Source: HAProxy, "The PROXY protocol", §2.1, §2.2, §2.2.1–2.2.3.
 */
import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Address } from '../address.ts';
import { RemoteProtocolError } from '../errors.ts';
import { crc32c } from './crc32c.ts';

/** The ends of the connection as the proxy has it: the client, and the address that the client connected to. */
export interface ProxiedEnds {
  readonly peer: Address;
  readonly host: Address;
}

/** `ends` is absent where the proxy speaks for itself (LOCAL: a health check) or does not know (UNKNOWN, UNSPEC). */
export interface ProxyHeader {
  readonly version: 1 | 2;
  readonly ends: ProxiedEnds | undefined;
  /** Bytes that the header took. */
  readonly length: number;
}

const V1_START = Buffer.from('PROXY ');
const V1_MAX_BYTES = 107;
const V2_SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const V2_FIXED_BYTES = 16;
/** Addresses and all additions together. */
const V2_MAX_BYTES = 4_096;

/**
 * What `bytes`, the beginning of a stream, are: a whole header, `none`, or the start of one that needs `more`.
 * Throws RemoteProtocolError for a header that is broken or too long.
 */
export function readProxyHeader(bytes: Buffer): ProxyHeader | 'more' | 'none' {
  if (begins(bytes, V1_START)) return bytes.length < V1_START.length ? 'more' : readV1(bytes);
  if (begins(bytes, V2_SIGNATURE)) return bytes.length < V2_FIXED_BYTES ? 'more' : readV2(bytes);
  return 'none';
}

/** Whether the two agree as far as both go. */
function begins(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length);
  return bytes.subarray(0, length).equals(start.subarray(0, length));
}

// — version 1: one line of text, §2.1 —

function readV1(bytes: Buffer): ProxyHeader | 'more' {
  const end = bytes.subarray(0, V1_MAX_BYTES).indexOf('\r\n');
  if (end < 0 && bytes.length < V1_MAX_BYTES) return 'more';
  if (end < 0) throw breach('§2.1', `no end of line within ${V1_MAX_BYTES} bytes`);
  return { version: 1, ends: readLine(bytes.toString('latin1', 0, end)), length: end + 2 };
}

function readLine(line: string): ProxiedEnds | undefined {
  const [, family = '', ...words] = line.split(' ');
  if (family === 'UNKNOWN') return undefined;
  const [from = '', to = '', fromPort = '', toPort = '', ...more] = words;
  const isAddress = v1Families.get(family);
  const sound = isAddress?.(from) && isAddress(to) && isPort(fromPort) && isPort(toPort) && more.length === 0;
  if (!sound) throw breach('§2.1', JSON.stringify(line));
  return { peer: tcp(from, Number(fromPort)), host: tcp(to, Number(toPort)) };
}

/** A zone (`fe80::1%eth0`) is a name on the proxy's machine, and the protocol has none. */
const v1Families: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['TCP4', isIPv4],
  ['TCP6', (text: string) => isIPv6(text) && !text.includes('%')],
]);

const isPort = (text: string): boolean => /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;

// — version 2: binary, §2.2 —

function readV2(bytes: Buffer): ProxyHeader | 'more' {
  const [command, family, size] = [bytes.readUInt8(12), bytes.readUInt8(13), bytes.readUInt16BE(14)];
  if (size > V2_MAX_BYTES) throw breach('§2.2', `a header of ${size} bytes; at most ${V2_MAX_BYTES} are taken`);
  if (command !== LOCAL && command !== PROXY) throw breach('§2.2', `version and command 0x${hex(command)}`);
  const length = V2_FIXED_BYTES + size;
  if (bytes.length < length) return 'more';
  const form = command === LOCAL ? v2Unknown : v2Families.get(family);
  if (!form) throw breach('§2.2', `address family and transport 0x${hex(family)}`);
  if (size < form.bytes) throw breach('§2.2', `${size} bytes cannot hold its addresses`);
  const header = bytes.subarray(0, length);
  if (form !== v2Unknown) checkAdditions(header, V2_FIXED_BYTES + form.bytes);
  return { version: 2, ends: form.read?.(header.subarray(V2_FIXED_BYTES)), length };
}

const LOCAL = 0x20;
const PROXY = 0x21;

interface V2Form {
  /** What the addresses take. */
  readonly bytes: number;
  readonly read?: (block: Buffer) => ProxiedEnds;
}

/** Whatever follows is to be skipped unread. */
const v2Unknown: V2Form = { bytes: 0 };

/** Streams only: SSH does not go over datagrams. */
const v2Families: ReadonlyMap<number, V2Form> = new Map([
  [0x00, v2Unknown],
  [0x11, { bytes: 12, read: block => internetEnds(block, 4) }],
  [0x21, { bytes: 36, read: block => internetEnds(block, 16) }],
  [0x31, { bytes: 216, read: block => ({ peer: unix(block, 0), host: unix(block, 108) }) }],
]);

const internetEnds = (block: Buffer, size: 4 | 16): ProxiedEnds => {
  const address = (at: number): string => ipaddr.fromByteArray([...block.subarray(at, at + size)]).toString();
  return {
    peer: tcp(address(0), block.readUInt16BE(2 * size)),
    host: tcp(address(size), block.readUInt16BE(2 * size + 2)),
  };
};

/** `sun_path`: 108 bytes, filled up with NUL; an abstract name begins with one, and nothing but NUL is no name. */
function unix(block: Buffer, at: number): Address {
  const [, path = ''] = /^(\0?[^\0]+)?/.exec(block.toString('utf8', at, at + 108)) ?? [];
  return Object.freeze({ kind: 'unix', path });
}

// — additions (TLVs), §2.2.1–2.2.3 —

const CRC32C = 0x03;

function checkAdditions(header: Buffer, start: number): void {
  let at = start;
  while (at < header.length) {
    if (at + 3 > header.length) throw breach('§2.2.1', 'an addition is cut short');
    const [type, size] = [header.readUInt8(at), header.readUInt16BE(at + 1)];
    const value = at + 3;
    at = value + size;
    if (at > header.length) throw breach('§2.2.1', 'an addition is longer than its header');
    if (type === CRC32C) checkSum(header, value, size);
  }
}

/** The sum of the whole header, taken with zeros where the sum itself stands. */
function checkSum(header: Buffer, at: number, size: number): void {
  if (size !== 4) throw breach('§2.2.3', `a checksum of ${size} bytes`);
  const blank = Buffer.from(header).fill(0, at, at + 4);
  if (crc32c(blank) !== header.readUInt32BE(at)) throw breach('§2.2.3', 'the checksum is wrong');
}

// — small things —

/** An IPv4 client of a proxy that listens on both families is shown as what it is. */
const tcp = (host: string, port: number): Address =>
  Object.freeze({ kind: 'tcp', host: ipaddr.process(host).toString(), port });

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

const breach = (section: string, seen: string): RemoteProtocolError =>
  new RemoteProtocolError(`PROXY protocol ${section}`, seen);
