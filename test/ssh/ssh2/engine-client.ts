/** The library's engine as a client on a loopback, with our key exchange methods: what our link's tests have as a peer. */
import { KeyExchangeMethods, engineName } from '../../../ssh/ssh2/key-exchange.ts';
import {
  createEngine,
  encodeOffer,
  startKeyExchange,
  type Engine,
  type Negotiated,
} from '../../../ssh/ssh2/library.ts';
import { Message } from '../../../ssh/codes.ts';
import type { IProtocol, IStreamTransport } from '../../../transport/contracts.ts';

const STRICT = 'kex-strict-c-v00@openssh.com';

export class EngineClient implements IProtocol {
  readonly engine: Engine;
  /** What each key exchange settled on. */
  readonly exchanges: Negotiated[] = [];
  readonly received: Buffer[] = [];
  readonly errors: unknown[] = [];
  sessionId: Buffer | undefined;
  #transport: IStreamTransport | undefined;
  readonly #methods: KeyExchangeMethods;

  constructor(kex: readonly string[]) {
    const direction = { cipher: ['aes128-gcm@openssh.com'], mac: [], compress: ['none'], lang: [] };
    const lists = { serverHostKey: ['ssh-ed25519'], cs: direction, sc: direction };
    this.engine = createEngine({
      server: false,
      ident: 'client',
      offer: encodeOffer({ kex: [...kex, STRICT], ...lists }, [...kex.map(engineName), STRICT]),
      hostKeys: {},
      onHeader: () => this.#methods.watchFirst(this.engine),
      onWrite: data => this.#transport?.write(data),
      onError: error => this.errors.push(error),
      onHandshakeComplete: negotiated => {
        this.exchanges.push(negotiated);
        this.sessionId = this.engine._kex.sessionID;
      },
    });
    this.#methods = new KeyExchangeMethods(this.engine, 'client', kex);
    this.engine._onPayload = payload => this.#payloadReceived(Buffer.from(payload));
  }

  makeConnection(transport: IStreamTransport): void {
    this.#transport = transport;
    this.engine.start();
  }

  dataReceived(data: Uint8Array): void {
    try {
      this.engine.parse(data, 0, data.length);
    } catch (error) {
      this.errors.push(error);
      this.#transport?.abortConnection();
    }
  }

  connectionLost(): void {
    this.engine.cleanup();
  }

  send(payload: Buffer): void {
    const { write } = this.engine._packetRW;
    const packet = write.alloc(payload.length);
    packet.set(payload, write.allocStart);
    this.engine._cipher.encrypt(write.finalize(packet));
  }

  #payloadReceived(payload: Buffer): unknown {
    if (payload[0] === Message.KEXINIT) return startKeyExchange(this.engine, this.#methods.shownToEngine(payload));
    this.received.push(payload);
    return undefined;
  }
}
