/** Headers of the PROXY protocol as a proxy writes them, whole or wrong, made by other code than what reads them. */
import { crc32c } from '../../transport/sockets/crc32c.ts';

export const v1 = (line: string): Buffer => Buffer.from(`${line}\r\n`, 'latin1');

export const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');

export interface V2 {
  readonly command?: number;
  readonly family?: number;
  readonly addresses?: Uint8Array;
  readonly additions?: readonly Uint8Array[];
  /** What the length field says. @default the truth */
  readonly says?: number;
}

export function v2({ command = 0x21, family = 0x11, addresses = inet4, additions = [], says }: V2 = {}): Buffer {
  const rest = Buffer.concat([addresses, ...additions]);
  const fixed = Buffer.from([command, family, 0, 0]);
  fixed.writeUInt16BE(says ?? rest.length, 2);
  return Buffer.concat([signature, fixed, rest]);
}

export function addition(type: number, value: Uint8Array, says = value.length): Buffer {
  return Buffer.concat([Buffer.from([type, says >> 8, says & 0xff]), value]);
}

/** The header with a checksum behind everything else. */
export function withChecksum(options: V2): Buffer {
  const header = v2({ ...options, additions: [...(options.additions ?? []), addition(3, Buffer.alloc(4))] });
  header.writeUInt32BE(crc32c(header), header.length - 4);
  return header;
}

/** 192.0.2.1:56324 to 198.51.100.7:22. */
export const inet4 = Buffer.from('c0000201c6336407dc040016', 'hex');
/** [2001:db8::1]:56324 to [2001:db8::2]:22. */
export const inet6 = Buffer.from('20010db800000000000000000000000120010db8000000000000000000000002dc040016', 'hex');

export function unixPaths(from: string, to: string): Buffer {
  const block = Buffer.alloc(216);
  block.write(from, 0);
  block.write(to, 108);
  return block;
}
