/**
 * Cuts an encrypted stream into packets and has each opened: what the engine calls its decipher, with a limit of ours.
 *
 * A packet that has come whole is opened where it lies; else its pieces are gathered, in a buffer as long as the packet
 * says that it is. Either is somebody else's again when the payload's handler returns: it gets a copy of everything but
 * the data of a channel, which there is much of and which nobody keeps. RFC 4253 §6, which asks for packets of 35 000 bytes at least.
 */
import { RemoteProtocolError } from '../../transport/errors.ts';
import { giveBackMemory, takeMemory } from '../../transport/piece-memory.ts';
import { Message } from '../codes.ts';
import type { EngineDecipher } from './deciphers.ts';
import { HEADER_BYTES, openerOf, type PacketOpener } from './packet-opener.ts';

/** Padding length and padding: no packet has less. */
const LEAST_BYTES = 5;
const LEAST_PADDING = 4;

/**
 * Bytes that a packet may say it has. A stranger gets the least that RFC 4253 §6.1 asks for, which is all a login needs;
 * who has logged in gets what OpenSSH takes (packet.c, PACKET_MAX_SIZE), for a command of 128 KiB is one packet.
 */
const STRANGERS_PACKET = 35_000;
const LARGEST_PACKET = 256 * 1024;

/** Headers for packets that come, of which few come in pieces: one for each connection would be 200 bytes of each. */
const idleHeaders: Buffer[] = [];
const MOST_IDLE = 64;

/** Whose packets are read. */
export interface Peer {
  /** It is no stranger any more. */
  readonly peerLoggedIn: boolean;
}

/** What reads in place of `decipher`, unless that is the one before there are keys. */
export function readerFor(decipher: EngineDecipher, peer: Peer): EngineDecipher {
  const opener = openerOf(decipher);
  return opener ? new PacketReader(decipher, opener, peer) : decipher;
}

export class PacketReader implements EngineDecipher {
  inSeqno: number;
  _onPayload: (payload: Buffer) => unknown;
  /** Its keys are gone. Compiled code that is asked to decrypt without any ends the process. */
  #freed = false;
  readonly #opener: PacketOpener;
  readonly #peer: Peer;
  /** There while a packet comes. */
  #header: Buffer | undefined;
  #headerBytes = 0;
  /** Bytes of the packet behind the header, once that has been read, its tag included. */
  #wanted = 0;
  #gathered: Buffer | undefined;
  #gatheredBytes = 0;

  /** Takes the place of `replaced`, which is not kept: ssh2's hold pieces of Node's pool for what they gather. */
  constructor(replaced: Pick<EngineDecipher, 'inSeqno' | '_onPayload'>, opener: PacketOpener, peer: Peer) {
    this.inSeqno = replaced.inSeqno;
    this._onPayload = replaced._onPayload;
    this.#opener = opener;
    this.#peer = peer;
  }

  free(): void {
    this.#freed = true;
    this.#opener.free();
  }

  /** What is behind a packet that had this freed is not looked at. */
  decrypt(data: Buffer, start: number, end: number): unknown {
    for (let at = start; at < end && !this.#freed;) {
      const header = (this.#header ??= idleHeaders.pop() ?? Buffer.alloc(HEADER_BYTES));
      at = this.#readHeader(header, data, at, end);
      if (this.#headerBytes < HEADER_BYTES) return undefined;
      const taken = Math.min(this.#wanted - this.#gatheredBytes, end - at);
      const packet = this.#take(data.subarray(at, at + taken));
      at += taken;
      if (!packet) return undefined;
      const gathered = this.#gathered;
      const answer = this._onPayload(this.#open(packet, header));
      if (gathered) giveBackMemory(gathered);
      if (answer !== undefined) return answer === false ? at : answer;
    }
    return undefined;
  }

  #readHeader(header: Buffer, data: Buffer, start: number, end: number): number {
    if (this.#headerBytes === HEADER_BYTES) return start;
    const taken = Math.min(HEADER_BYTES - this.#headerBytes, end - start);
    data.copy(header, this.#headerBytes, start, start + taken);
    this.#headerBytes += taken;
    if (this.#headerBytes === HEADER_BYTES) this.#wanted = this.#checkedLength(header) + this.#opener.sizes.tagBytes;
    return start + taken;
  }

  #checkedLength(header: Buffer): number {
    const { block, uncounted } = this.#opener.sizes;
    const length = this.#opener.length(header, this.inSeqno);
    const limit = this.#peer.peerLoggedIn ? LARGEST_PACKET : STRANGERS_PACKET;
    if (length > limit) {
      const seen = `a packet says that it is of ${length} bytes, and may be of ${limit}`;
      throw new RemoteProtocolError('RFC 4253 §6.1', seen);
    }
    if (length < LEAST_BYTES || (length + uncounted) % block !== 0)
      throw new RemoteProtocolError('RFC 4253 §6', 'a packet has a length that no packet has');
    return length;
  }

  /** The whole packet, once its last piece has come. */
  #take(piece: Buffer): Buffer | undefined {
    if (piece.length === this.#wanted) return piece;
    this.#gathered ??= takeMemory(this.#wanted);
    piece.copy(this.#gathered, this.#gatheredBytes);
    this.#gatheredBytes += piece.length;
    return this.#gatheredBytes === this.#wanted ? this.#gathered : undefined;
  }

  /** What is in a packet: its own memory, unless it is the data of a channel. */
  #open(packet: Buffer, header: Buffer): Buffer {
    const length = this.#wanted - this.#opener.sizes.tagBytes;
    const tag = packet.subarray(length);
    const opened = this.#opener.open(packet.subarray(0, length), tag, header, this.inSeqno);
    this.inSeqno = (this.inSeqno + 1) >>> 0;
    this.#header = undefined;
    if (idleHeaders.length < MOST_IDLE) idleHeaders.push(header);
    this.#headerBytes = 0;
    this.#gathered = undefined;
    this.#gatheredBytes = 0;
    const padding = opened.readUInt8();
    if (padding < LEAST_PADDING)
      throw new RemoteProtocolError('RFC 4253 §6', `a packet has ${padding} bytes of padding`);
    if (padding >= length) throw new RemoteProtocolError('RFC 4253 §6', 'a packet has more padding than it is long');
    const payload = opened.subarray(1, length - padding);
    return payload[0] === Message.CHANNEL_DATA ? payload : Buffer.from(payload);
  }
}
