/**
 * What stands between the messages of a test's client and the bytes on its socket: sealing, opening, exchanging keys.
 *
 * Here is that of stock ssh2, which believes nothing that it cannot check. The fuzzer has a quicker one.
 */
import { startStockKeyExchange, StockProtocol, type StockDirection } from './ssh2.ts';

export interface PacketLayer {
  /** Once there has been an exchange. */
  readonly sessionId: Buffer;
  /** The sequence number of the next packet. RFC 4253 §6.4. */
  readonly nextSequence: number;
  /** Is a key exchange going on? Nothing else may be sent then. */
  readonly exchangingKeys: boolean;
  /** The socket is connected. */
  start(): void;
  /** What the server has sent. Throws when it makes no sense. */
  parse(data: Buffer): void;
  /** A packet around `payload`, at once. */
  send(payload: Uint8Array): void;
  /** Begin an exchange. */
  rekey(): void;
  /** Take part in the exchange that the server's KEXINIT belongs to. */
  answer(kexInit: Buffer): unknown;
  end(): void;
}

export interface PacketEvents {
  readonly write: (bytes: Buffer) => void;
  /** A message that is no part of an exchange that is going on; what is answered for a KEXINIT is to be returned. */
  readonly received: (payload: Buffer) => unknown;
  readonly exchanged: () => void;
  readonly failed: (error: Error) => void;
}

export interface PacketOptions {
  readonly kex?: readonly string[];
  readonly serverHostKey?: readonly string[];
  readonly cipher?: readonly string[];
  readonly compress?: readonly string[];
  readonly ident?: string;
}

export class StockPackets implements PacketLayer {
  readonly #protocol: StockProtocol;

  constructor(options: PacketOptions, events: PacketEvents) {
    this.#protocol = new StockProtocol({
      server: false,
      offer: offerOf(options),
      ...(options.ident === undefined ? {} : { ident: options.ident }),
      onWrite: events.write,
      onError: events.failed,
      onHandshakeComplete: events.exchanged,
    });
    this.#protocol._onPayload = payload => events.received(Buffer.from(payload));
  }

  get sessionId(): Buffer {
    return this.#protocol._kex.sessionID;
  }

  get nextSequence(): number {
    return this.#protocol._cipher.outSeqno;
  }

  get exchangingKeys(): boolean {
    return this.#protocol._kexinit !== undefined;
  }

  start(): void {
    this.#protocol.start();
  }

  parse(data: Buffer): void {
    this.#protocol.parse(data, 0, data.length);
  }

  send(payload: Uint8Array): void {
    const { write } = this.#protocol._packetRW;
    const packet = write.alloc(payload.length, true);
    packet.set(payload, write.allocStartKEX);
    this.#protocol._cipher.encrypt(write.finalize(packet, true));
  }

  rekey(): void {
    this.#protocol.rekey();
  }

  answer(kexInit: Buffer): unknown {
    return startStockKeyExchange(this.#protocol, kexInit);
  }

  end(): void {
    this.#protocol.cleanup();
  }
}

function offerOf({ kex, serverHostKey, cipher, compress }: PacketOptions) {
  const direction: StockDirection = {
    cipher: cipher ?? ['aes128-gcm@openssh.com'],
    mac: ['hmac-sha2-256-etm@openssh.com'],
    compress: compress ?? ['none'],
    lang: [],
  };
  return {
    kex: kex ?? ['curve25519-sha256'],
    serverHostKey: serverHostKey ?? ['ssh-ed25519', 'rsa-sha2-512', 'ecdsa-sha2-nistp256'],
    cs: direction,
    sc: direction,
  };
}
