/**
 * A client's packets at the least cost: half of what a case takes would be its own client's arithmetic.
 *
 * It exchanges keys with one X25519 key and a cookie of zeros, so that a case says the same again, and believes every
 * server. It knows what our server says to it, and nothing else: strict key exchange, one method, no compression.
 * RFC 4253 §7–8; RFC 8731 §3; OpenSSH PROTOCOL §1.10.
 */
import { createHash, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { Message } from '../../ssh/codes.ts';
import { boolean, byte, message, mpintBytes, nameList, string, uint32, WireReader } from '../../ssh/wire.ts';
import type { PacketEvents, PacketLayer, PacketOptions } from '../support/packet-layer.ts';
import { stockCiphers, type StockCipher, type StockDecipher } from '../support/ssh2.ts';

const { CIPHER_INFO, MAC_INFO, NullCipher, NullDecipher, createCipher, createDecipher } = stockCiphers;

const IDENT = 'SSH-2.0-fuzzer';
const NEWKEYS = 21;
const KEX_ECDH_INIT = 30;
const KEX_ECDH_REPLY = 31;
const MAC = 'hmac-sha2-256-etm@openssh.com';

const x25519 = generateKeyPairSync('x25519');
const publicValue = Buffer.from(x25519.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');

/** An exchange that is going on. */
interface Exchange {
  readonly ours: Buffer;
  theirs?: Buffer;
  /** Key material by its letter, RFC 4253 §7.2. */
  key?: (letter: string, bytes: number) => Buffer;
}

export class QuickPackets implements PacketLayer {
  readonly #events: PacketEvents;
  readonly #cipher: string;
  #sessionId: Buffer | undefined;
  #exchange: Exchange | undefined;
  #out: StockCipher;
  #in: StockDecipher;
  /** What the server has said before its first packet: its identification, to the end of the line. */
  #greeting = Buffer.alloc(0);
  #serverIdent: Buffer | undefined;

  constructor({ cipher: [cipher = 'aes128-gcm@openssh.com'] = [] }: PacketOptions, events: PacketEvents) {
    this.#events = events;
    this.#cipher = cipher;
    this.#out = new NullCipher(0, events.write);
    this.#in = new NullDecipher(0, payload => this.#received(payload));
  }

  get sessionId(): Buffer {
    if (!this.#sessionId) throw new Error('no keys have been exchanged');
    return this.#sessionId;
  }

  get nextSequence(): number {
    return this.#out.outSeqno;
  }

  get exchangingKeys(): boolean {
    return this.#exchange !== undefined;
  }

  start(): void {
    this.#events.write(Buffer.from(`${IDENT}\r\n`));
    this.rekey();
  }

  parse(data: Buffer): void {
    let at: number | undefined = this.#serverIdent ? 0 : this.#readIdent(data);
    while (at !== undefined && at < data.length) at = this.#in.decrypt(data, at, data.length);
  }

  send(payload: Uint8Array): void {
    const packet = this.#out.allocPacket(payload.length);
    packet.set(payload, 5);
    this.#out.encrypt(packet);
  }

  rekey(): void {
    if (this.#exchange) return;
    this.#exchange = { ours: kexInit(this.#cipher) };
    this.send(this.#exchange.ours);
  }

  answer(theirs: Buffer): void {
    this.rekey();
    if (this.#exchange) this.#exchange.theirs = theirs;
    this.send(message(byte(KEX_ECDH_INIT), string(publicValue)));
  }

  end(): void {
    this.#out.free();
    this.#in.free();
  }

  /** How much of `data` it is. */
  #readIdent(data: Buffer): number {
    const end = data.indexOf('\n');
    const line = data.subarray(0, end === -1 ? data.length : end + 1);
    this.#greeting = Buffer.concat([this.#greeting, line]);
    if (end !== -1) this.#serverIdent = this.#greeting.subarray(0, this.#greeting.indexOf('\r'));
    return line.length;
  }

  #received(payload: Buffer): false | undefined {
    const number = payload[0];
    if (number === KEX_ECDH_REPLY && this.#exchange?.theirs) this.#agree(payload);
    else if (number === NEWKEYS && this.#exchange?.key) return this.#openWith(this.#exchange.key);
    else this.#events.received(Buffer.from(payload));
    return undefined;
  }

  /** H and K, RFC 4253 §8; what the server has signed is not looked at. */
  #agree(reply: Buffer): void {
    const { ours, theirs = Buffer.alloc(0) } = this.#exchange!;
    const reader = new WireReader(reply.subarray(1), 'the answer to a key exchange');
    const [hostKey, value] = [reader.string(), reader.string()];
    const key = { kty: 'OKP', crv: 'X25519', x: value.toString('base64url') };
    const secret = diffieHellman({ privateKey: x25519.privateKey, publicKey: createPublicKey({ key, format: 'jwk' }) });
    const k = string(mpintBytes(secret));
    const said = [Buffer.from(IDENT), this.#serverIdent!, ours, theirs, hostKey, publicValue, value];
    const h = sha256(...said.map(string), k);
    const sessionId = (this.#sessionId ??= h);
    this.#exchange!.key = (letter, bytes) => {
      const first = sha256(k, h, Buffer.from(letter), sessionId);
      return Buffer.concat([first, sha256(k, h, first)]).subarray(0, bytes);
    };
    this.send(Uint8Array.of(NEWKEYS));
    this.#sealWith(this.#exchange!.key);
  }

  #sealWith(key: (letter: string, bytes: number) => Buffer): void {
    const { cipherInfo, macInfo } = kindsOf(this.#cipher);
    this.#out.free();
    this.#out = createCipher({
      outbound: {
        seqno: 0,
        onWrite: this.#events.write,
        cipherInfo,
        cipherIV: key('A', cipherInfo.ivLen),
        cipherKey: key('C', cipherInfo.keyLen),
        macInfo,
        macKey: macInfo && key('E', macInfo.len),
      },
    });
  }

  /** The rest of what was read is for the new decipher. */
  #openWith(key: (letter: string, bytes: number) => Buffer): false {
    const { cipherInfo, macInfo } = kindsOf(this.#cipher);
    this.#exchange = undefined;
    this.#in.free();
    this.#in = createDecipher({
      inbound: {
        seqno: 0,
        onPayload: payload => this.#received(payload),
        decipherInfo: cipherInfo,
        decipherIV: key('B', cipherInfo.ivLen),
        decipherKey: key('D', cipherInfo.keyLen),
        macInfo,
        macKey: macInfo && key('F', macInfo.len),
      },
    });
    this.#events.exchanged();
    return false;
  }
}

function kexInit(cipher: string): Buffer {
  const kex = ['curve25519-sha256', 'ext-info-c', 'kex-strict-c-v00@openssh.com'];
  const lists = [cipher, cipher, MAC, MAC, 'none', 'none', '', ''];
  const names = [nameList(kex), string('ssh-ed25519'), ...lists.map(list => string(list))];
  return message(byte(Message.KEXINIT), Buffer.alloc(16), ...names, boolean(false), uint32(0));
}

/** A cipher that makes its own tag has no MAC beside it. */
function kindsOf(cipher: string) {
  const cipherInfo = CIPHER_INFO[cipher]!;
  return { cipherInfo, macInfo: cipherInfo.authLen ? undefined : MAC_INFO[MAC] };
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
