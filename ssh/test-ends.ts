/**
 * The two ends of an SSH connection for tests, each over any transport; testing.ts joins two of them.
 *
 * Its server lets anybody in, whatever the login says: it is for tests, and no program of ours uses it.
 */
import { sign } from 'node:crypto';
import { Deferred } from '../transport/adapters/deferred.ts';
import type { CloseReason } from '../transport/close-reason.ts';
import { ConnectionLostError } from '../transport/errors.ts';
import { algorithmProfiles, type Algorithms } from './algorithms.ts';
import { ClientLogin, type ClientLoginOptions } from './client-login.ts';
import { Message } from './codes.ts';
import { SshConnection } from './connection.ts';
import type { ConnectionOptions } from './connection-options.ts';
import type { KeyLimits } from './key-age.ts';
import { newKeyPair } from './key-pair.ts';
import type { HandshakeKey, IPacketLink, IPacketListener } from './packets.ts';
import type { VerifyHostKey } from './ssh2/host-key-check.ts';
import { clientLinks, serverLinks } from './ssh2/links.ts';
import type { Handshake, LinkOwner, PacketLink } from './ssh2/packet-link.ts';
import { byte, message, string } from './wire.ts';

/** What one end is made with. */
export interface EndOptions {
  /** What it offers in place of the `modern` profile's. */
  readonly algorithms?: Partial<Algorithms>;
  readonly keyLimits?: KeyLimits;
  /** Windows, packets, channel types, requests. */
  readonly connection?: ConnectionOptions;
  /** Put something between the packets and the connection, once it is logged in. @default nothing */
  readonly wrap?: (link: PacketLink) => IPacketLink;
}

export interface ServerEndOptions extends EndOptions {
  /** @default one ed25519 key, new each time */
  readonly hostKeys?: readonly HandshakeKey[];
  /** Signatures that it says it takes. @default none */
  readonly signatureAlgorithms?: readonly string[];
}

export interface ClientEndOptions extends EndOptions {
  /** @default 'test' */
  readonly user?: string;
  /** To log in with. @default none: a server of ours needs none */
  readonly keys?: readonly HandshakeKey[];
  /** @default only the keys of its server */
  readonly verifyHostKey?: VerifyHostKey;
}

/** One end, from its first byte to its last. */
export abstract class SshEnd implements LinkOwner {
  abstract readonly link: PacketLink;
  /** Key exchanges completed. */
  exchanges = 0;
  /** Why it ended. */
  reason: CloseReason | undefined;
  readonly #options: EndOptions;
  #handshake: Handshake | undefined;
  #connection: SshConnection | undefined;
  readonly #ready = new Deferred();
  readonly #ended = new Deferred();

  constructor(options: EndOptions) {
    this.#options = options;
  }

  /** Resolves when logged in; rejects with ConnectionLostError when it ends before. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  async ended(): Promise<CloseReason> {
    await this.#ended.promise;
    return required(this.reason, 'reason');
  }

  /** There once `ready`. */
  get connection(): SshConnection {
    return required(this.#connection, 'connection');
  }

  get handshake(): Handshake {
    return required(this.#handshake, 'handshake');
  }

  handshakeComplete(handshake: Handshake): void {
    this.#handshake = handshake;
    this.exchanges = 1;
    this.logIn(handshake);
  }

  rekeyed(): void {
    this.exchanges += 1;
  }

  handshakeFailed(reason: CloseReason): void {
    this.lost(reason);
  }

  protected abstract logIn(handshake: Handshake): void;

  protected loggedIn(): void {
    const { connection, wrap } = this.#options;
    this.link.loggedIn();
    this.#connection = new SshConnection(wrap?.(this.link) ?? this.link, {
      ...connection,
      connectionLost: reason => {
        connection?.connectionLost?.(reason);
        this.lost(reason);
      },
    });
    this.#ready.resolve();
  }

  protected lost(reason: CloseReason): void {
    this.reason = reason;
    this.#ready.reject(new ConnectionLostError(reason));
    this.#ended.resolve();
  }
}

export class ClientEnd extends SshEnd {
  readonly link: PacketLink;
  readonly #login: Pick<ClientLoginOptions, 'user' | 'keys'>;

  constructor({ verifyHostKey = () => false, user = 'test', keys = [], ...options }: ClientEndOptions) {
    super(options);
    this.#login = { user, keys };
    const { algorithms, keyLimits = {} } = options;
    const hostKeyAlgorithms = ['ssh-ed25519', 'rsa-sha2-512', 'rsa-sha2-256', 'ecdsa-sha2-nistp256'];
    this.link = clientLinks({ verifyHostKey, hostKeyAlgorithms, keyLimits, algorithms: offerOf(algorithms) })(this);
  }

  protected logIn({ sessionId, hostKey }: Handshake): void {
    new ClientLogin(this.link, {
      ...{ ...this.#login, sessionId, hostKey },
      accepted: () => this.loggedIn(),
      failed: reason => this.lost(reason),
    });
  }
}

/** Grants the service, and lets in whoever asks. */
export class ServerEnd extends SshEnd implements IPacketListener {
  readonly link: PacketLink;

  constructor({ hostKeys = [newHostKey()], signatureAlgorithms = [], ...options }: ServerEndOptions = {}) {
    super(options);
    const { algorithms, keyLimits = {} } = options;
    const links = serverLinks({ hostKeys, signatureAlgorithms, keyLimits, algorithms: offerOf(algorithms) });
    this.link = links(this);
  }

  protected logIn(): void {
    this.link.listen(this);
  }

  messageReceived(payload: Buffer): void {
    if (payload[0] === Message.SERVICE_REQUEST)
      return this.link.send(message(byte(Message.SERVICE_ACCEPT), string('ssh-userauth')));
    this.link.send(message(byte(Message.USERAUTH_SUCCESS)));
    this.loggedIn();
  }

  linkWritable(): void {
    // Nothing waits during login.
  }

  linkLost(reason: CloseReason): void {
    this.lost(reason);
  }
}

const offerOf = (algorithms: Partial<Algorithms> = {}): Algorithms => ({ ...algorithmProfiles.modern, ...algorithms });

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what} yet: await ready`);
  return value;
}

/** An ed25519 key, new each time. */
export function newHostKey(): HandshakeKey {
  const { publicBytes, privateKey } = newKeyPair('ed25519');
  return {
    algorithms: ['ssh-ed25519'],
    blob: message(string('ssh-ed25519'), string(publicBytes)),
    sign: data => sign(null, data, privateKey),
  };
}
