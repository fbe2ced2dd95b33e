/**
 * How one packet is opened with what ssh2's deciphers hold: its length told, its MAC checked, its bytes decrypted.
 *
 * The arithmetic stays ssh2's where it is compiled, else it is Node's own. Who cuts the stream into packets is
 * packet-reader.ts. There are no block ciphers here: algorithms.ts offers none. RFC 4253 §6; RFC 5647 §7; OpenSSH's
 * PROTOCOL §1.2 (etm) and PROTOCOL.chacha20poly1305.
 */
import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type {
  CompiledChaCha,
  CompiledGcm,
  CompiledMac,
  Decipher,
  EngineDecipher,
  MacSizes,
  PlainChaCha,
  PlainGcm,
  PlainMac,
} from './deciphers.ts';

/** Bytes of a packet that say how long it is. RFC 4253 §6. */
export const HEADER_BYTES = 4;

/** How packets are cut. */
export interface PacketSizes {
  /** What the length of a packet without its header is a multiple of, once `uncounted` bytes are added. */
  readonly block: number;
  /** The header's bytes where they are encrypted with the rest, else 0. */
  readonly uncounted: number;
  /** Bytes of the MAC or tag behind a packet. */
  readonly tagBytes: number;
}

export interface PacketOpener {
  readonly sizes: PacketSizes;
  /** The length that `header` tells; may decrypt it in place. Once for each packet. */
  length(header: Buffer, sequence: number): number;
  /** What is in `packet` (without its header) from its padding length on, in place where that can be. Throws for a wrong tag. */
  open(packet: Buffer, tag: Buffer, header: Buffer, sequence: number): Buffer;
  /** Let go of the keys that compiled code holds. */
  free(): void;
}

/** By what it holds, which tells its kind; undefined for the one before there are keys. */
export function openerOf(decipher: Decipher | EngineDecipher): PacketOpener | undefined {
  if ('_instance' in decipher) {
    if ('_macETM' in decipher) return new CompiledMacOpener(decipher._instance, decipher);
    const { _instance } = decipher;
    return 'decryptLen' in _instance ? new CompiledChaChaOpener(_instance) : new CompiledGcmOpener(_instance);
  }
  if ('_decKeyPktLen' in decipher) return plainChaCha(decipher);
  if ('_macKey' in decipher) return plainMac(decipher);
  return '_decipherSSLName' in decipher ? plainGcm(decipher) : undefined;
}

const chaChaSizes: PacketSizes = { block: 8, uncounted: 0, tagBytes: 16 };
const gcmSizes: PacketSizes = { block: 16, uncounted: 0, tagBytes: 16 };
const macSizes = ({ _macETM, _macActualLen }: MacSizes): PacketSizes => ({
  block: 16,
  uncounted: _macETM ? 0 : HEADER_BYTES,
  tagBytes: _macActualLen,
});

const nothingToFree = (): void => undefined;

/** Compiled ones decrypt in place. They are classes, for each connection keeps one. */
abstract class CompiledOpener<Code extends CompiledChaCha | CompiledGcm | CompiledMac> implements PacketOpener {
  abstract readonly sizes: PacketSizes;
  protected readonly code: Code;

  constructor(code: Code) {
    this.code = code;
  }

  abstract length(header: Buffer, sequence: number): number;
  abstract open(packet: Buffer, tag: Buffer, header: Buffer, sequence: number): Buffer;

  free(): void {
    this.code.free();
  }
}

class CompiledChaChaOpener extends CompiledOpener<CompiledChaCha> {
  readonly sizes = chaChaSizes;

  length(header: Buffer, sequence: number): number {
    return this.code.decryptLen(header, sequence);
  }

  open(packet: Buffer, tag: Buffer, _header: Buffer, sequence: number): Buffer {
    this.code.decrypt(packet, tag, sequence);
    return packet;
  }
}

class CompiledGcmOpener extends CompiledOpener<CompiledGcm> {
  readonly sizes = gcmSizes;

  length(header: Buffer): number {
    return header.readUInt32BE();
  }

  open(packet: Buffer, tag: Buffer): Buffer {
    this.code.decrypt(packet, packet.length, tag);
    return packet;
  }
}

class CompiledMacOpener extends CompiledOpener<CompiledMac> {
  readonly sizes: PacketSizes;

  constructor(code: CompiledMac, mac: MacSizes) {
    super(code);
    this.sizes = macSizes(mac);
  }

  /** Where the header is encrypted with the rest, it is decrypted first. */
  length(header: Buffer): number {
    if (this.sizes.uncounted > 0) this.code.decryptBlock(header);
    return header.readUInt32BE();
  }

  open(packet: Buffer, tag: Buffer, header: Buffer, sequence: number): Buffer {
    this.code.decrypt(packet, sequence, header, tag);
    return packet;
  }
}

const plainChaCha = (decipher: PlainChaCha): PacketOpener => ({
  sizes: chaChaSizes,
  length: (header, sequence) =>
    createDecipheriv('chacha20', decipher._decKeyPktLen, chaChaNonce(sequence)).update(header).readUInt32BE(),
  open: (packet, tag, header, sequence) => {
    let opened = packet;
    const _onPayload = ({ buffer, byteOffset }: Buffer): void => {
      opened = Buffer.from(buffer, byteOffset - 1, packet.length);
    };
    Object.assign(decipher, {
      _lenBuf: header,
      _lenPos: HEADER_BYTES,
      _len: packet.length,
      inSeqno: sequence,
      _onPayload,
    });
    decipher.decrypt(Buffer.concat([packet, tag]), 0, packet.length + tag.length);
    return opened;
  },
  free: nothingToFree,
});

/** Block counter 0, then the sequence number as 64 bits. */
function chaChaNonce(sequence: number): Buffer {
  const nonce = Buffer.alloc(16);
  nonce.writeUInt32BE(sequence, 12);
  return nonce;
}

const plainGcm = ({ _decipherSSLName: name, _decipherKey: key, _decipherIV: iv }: PlainGcm): PacketOpener => ({
  sizes: gcmSizes,
  length: header => header.readUInt32BE(),
  open: (packet, tag, header) => {
    const decipher = createDecipheriv(name, key, iv).setAAD(header).setAuthTag(tag);
    const opened = decipher.update(packet);
    decipher.final();
    iv.writeBigUInt64BE(BigInt.asUintN(64, iv.readBigUInt64BE(4) + 1n), 4);
    return opened;
  },
  free: nothingToFree,
});

const plainMac = (mac: PlainMac): PacketOpener => ({
  sizes: macSizes(mac),
  length: header => {
    if (!mac._macETM) mac._decipherInstance.update(header).copy(header);
    return header.readUInt32BE();
  },
  open: (packet, tag, header, sequence) => {
    if (mac._macETM) checkMac(mac, packet, tag, header, sequence);
    const opened = mac._decipherInstance.update(packet);
    if (!mac._macETM) checkMac(mac, opened, tag, header, sequence);
    return opened;
  },
  free: nothingToFree,
});

function checkMac(mac: PlainMac, packet: Buffer, tag: Buffer, header: Buffer, sequence: number): void {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(sequence);
  const sum = createHmac(mac._macSSLName, mac._macKey).update(number).update(header).update(packet).digest();
  if (!timingSafeEqual(sum.subarray(0, tag.length), tag)) throw new Error('Invalid MAC');
}
