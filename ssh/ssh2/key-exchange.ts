/**
 * Which key exchange method is used, and methods of our own inside the library's key exchange.
 *
 * ssh2 settles on a method by name and cannot be given another, so the name is settled here: the engine is shown a
 * KEXINIT with one method that it knows, and the exchange it then makes is given our arithmetic and the true KEXINIT,
 * which is what both ends hash. Order and strictness are the peer's and RFC 4253 §7.1's, nothing here weakens them: a
 * method that we do not offer is never shown to the engine.
 */
import { RemoteProtocolError } from '../../transport/errors.ts';
import { unpooled } from '../../transport/unpooled.ts';
import { Message } from '../codes.ts';
import { keyAgreements, type KeyAgreementRole } from '../key-agreement.ts';
import { nameList, WireReader } from '../wire.ts';
import { STOP, type Engine, type KeyExchange } from './library.ts';

/** Message number and cookie stand before the lists. RFC 4253 §7.1. */
export const BYTES_BEFORE_LISTS = 17;

/** The exchange that carries ours: the same messages, the same hash. */
const CARRIER = 'curve25519-sha256';

/** Names in the list of methods that are none, by who may say them. RFC 8308 §2.1; OpenSSH PROTOCOL §1.10. */
const markers: Readonly<Record<KeyAgreementRole, readonly string[]>> = {
  client: ['ext-info-c', 'kex-strict-c-v00@openssh.com'],
  server: ['ext-info-s', 'kex-strict-s-v00@openssh.com'],
};

/** The name under which the engine knows a method. */
export const engineName = (method: string): string => (Object.hasOwn(keyAgreements, method) ? CARRIER : method);

/** The first method of the client's that the server has too. RFC 4253 §7.1. */
export const settledMethod = (client: readonly string[], server: readonly string[]): string | undefined =>
  client.find(name => server.includes(name));

export class KeyExchangeMethods {
  readonly #role: KeyAgreementRole;
  readonly #ours: readonly string[];
  /** What was settled on, until the engine has made its exchange for it. */
  #settled: { readonly kexInit: Buffer; readonly method: string | undefined } | undefined;

  /** `ours` are the methods that we offer, without markers. */
  constructor(role: KeyAgreementRole, ours: readonly string[]) {
    this.#role = role;
    this.#ours = ours;
  }

  /**
   * The engine has read who the peer is, and waits for the first KEXINIT: it, too, is to come through here. The messages
   * of an exchange (RFC 4253 §12: 21 to 49) that come before it would find none there, and the engine would go on with it behind a DISCONNECT.
   */
  watchFirst(engine: Engine): void {
    engine._remoteIdentRaw = unpooled(engine._remoteIdentRaw);
    const receive = engine._decipher._onPayload;
    engine._decipher._onPayload = payload => {
      const number = payload[0] ?? 0;
      if (number === Message.KEXINIT) return receive(this.shownToEngine(Buffer.from(payload)));
      if (number >= 21 && number <= 49 && !engine._kex)
        throw new RemoteProtocolError('RFC 4253 §7.1', `message ${number} before KEXINIT`);
      const answer = receive(payload);
      return number === Message.DISCONNECT ? STOP : answer;
    };
  }

  /** The peer's KEXINIT as the engine is to see it. Throws RemoteProtocolError when it has no list of methods. */
  shownToEngine(kexInit: Buffer): Buffer {
    const reader = new WireReader(kexInit.subarray(BYTES_BEFORE_LISTS), 'KEXINIT');
    const theirs = reader.nameList();
    const method = this.#role === 'server' ? settledMethod(theirs, this.#ours) : settledMethod(this.#ours, theirs);
    this.#settled = { kexInit, method };
    const shown = theirs.filter(name => markers[this.#role === 'server' ? 'client' : 'server'].includes(name));
    if (method !== undefined) shown.unshift(engineName(method));
    return Buffer.concat([kexInit.subarray(0, BYTES_BEFORE_LISTS), nameList(shown), reader.rest()]);
  }

  /** The exchange that the engine has made for what it was shown, with our arithmetic where the method is ours. */
  adopt(exchange: KeyExchange): KeyExchange {
    const { kexInit, method } = this.#settled ?? {};
    this.#settled = undefined;
    if (!kexInit || method === undefined) return exchange;
    exchange._remoteKexinit = kexInit;
    exchange.negotiated.kex = method;
    const agreement = keyAgreements[method]?.(this.#role);
    if (!agreement) return exchange;
    return Object.assign(exchange, {
      generateKeys: () => undefined,
      getPublicKey: () => agreement.publicValue(),
      convertPublicKey: (key: Buffer) => key,
      computeSecret: (theirs: Buffer) => agreement.agree(theirs),
    });
  }
}
