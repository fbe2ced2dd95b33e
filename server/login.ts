/**
 * Login: the server's side of RFC 4252, by public key.
 *
 * Requests are answered strictly one after the other, failures are counted and take a minimum time, and a key logs in
 * only by a signature that is checked here, over this very connection. Messages of any other kind end the connection:
 * nobody reaches a channel from here but through `accepted`.
 */
import { algorithmsOf } from '../keys/signature-algorithms.ts';
import type { PublicKey } from '../keys/public-key.ts';
import { DisconnectReason, Message } from '../ssh/codes.ts';
import type { IPacketLink, IPacketListener } from '../ssh/packets.ts';
import { boolean, byte, message, nameList, string } from '../ssh/wire.ts';
import type { CloseReason } from '../transport/close-reason.ts';
import { asError, RemoteProtocolError } from '../transport/errors.ts';
import type { ConnectionEvent } from './events.ts';
import type { KnownKeys } from './known-keys.ts';
import {
  readerOf,
  readRequest,
  type KeyCredential,
  type LoginRequest,
  type SignedConnection,
} from './login-request.ts';

export interface LoginOptions extends SignedConnection {
  readonly authorize: (user: string, key: PublicKey) => Promise<boolean> | boolean;
  readonly maxAuthTries: number;
  readonly knownKeys: KnownKeys;
  readonly report: (event: ConnectionEvent) => void;
  /** A message of the login has come. */
  readonly heard: () => void;
  /** A login of this user has failed; `none` is no login. */
  readonly failed: (user: string) => void;
  /** Keys could not be looked up: the failure that follows is not the client's. */
  readonly undecided: () => void;
  /** Logged in: from here on the link is somebody else's. */
  readonly accepted: (user: string) => void;
  readonly lost: (reason: CloseReason) => void;
}

const METHODS = ['publickey'];
/** Requests that may wait while one is being looked at. */
const MAX_WAITING = 4;
/** A refusal takes at least so long, in milliseconds, whatever the reason for it. */
const MIN_FAILURE_MS = 10;

export class Login implements IPacketListener {
  readonly #link: IPacketLink;
  readonly #options: LoginOptions;
  readonly #waiting: LoginRequest[] = [];
  #answering = false;
  #serviceGranted = false;
  #user: string | undefined;
  #requests = 0;
  #failures = 0;
  #over = false;

  constructor(link: IPacketLink, options: LoginOptions) {
    this.#link = link;
    this.#options = options;
    link.listen(this);
  }

  messageReceived(payload: Buffer): void {
    this.#options.heard();
    const number = payload[0] ?? 0;
    if (number === Message.SERVICE_REQUEST) return this.#serviceRequested(payload);
    if (number === Message.USERAUTH_REQUEST) return this.#requestReceived(payload);
    if (number > Message.USERAUTH_REQUEST && number < 128) {
      throw new RemoteProtocolError('RFC 4252 §6', `message ${number} before login`);
    }
    this.#link.rejectMessage();
  }

  linkWritable(): void {
    // Nothing here is bulk.
  }

  linkLost(reason: CloseReason): void {
    this.#over = true;
    this.#options.lost(reason);
  }

  #serviceRequested(payload: Buffer): void {
    const reader = readerOf(payload, 'SERVICE_REQUEST');
    const service = reader.text();
    reader.end();
    if (service !== 'ssh-userauth') {
      return this.#link.disconnect(DisconnectReason.SERVICE_NOT_AVAILABLE, 'log in first: ssh-userauth');
    }
    this.#serviceGranted = true;
    this.#link.send(message(byte(Message.SERVICE_ACCEPT), string(service)));
  }

  #requestReceived(payload: Buffer): void {
    if (!this.#serviceGranted) throw new RemoteProtocolError('RFC 4253 §10', 'login without a service request');
    const request = readRequest(payload, this.#options);
    this.#user ??= request.user;
    if (request.user !== this.#user) throw new RemoteProtocolError('RFC 4252 §5', 'the user name changed');
    if (this.#waiting.length >= MAX_WAITING) throw new RemoteProtocolError('RFC 4252 §5', 'too many requests at once');
    this.#waiting.push(request);
    if (!this.#answering) void this.#answerAll();
  }

  async #answerAll(): Promise<void> {
    this.#answering = true;
    for (let request = this.#waiting.shift(); request && !this.#over; request = this.#waiting.shift()) {
      await this.#answer(request);
    }
    this.#answering = false;
  }

  async #answer({ user, method, credential }: LoginRequest): Promise<void> {
    const started = performance.now();
    this.#requests += 1;
    if (!credential) return this.#refuse(method, started);
    const key = await this.#authorizedKey(user, credential);
    if (this.#over) return;
    if (typeof key === 'string') return this.#refuse(method, started, { user, reason: key });
    if (!credential.signature) return this.#link.send(keyWouldDo(credential));
    const { signed, bytes } = credential.signature;
    if (key.verify(credential.algorithm, signed, bytes) !== true) {
      return this.#refuse(method, started, { user, reason: 'the signature is wrong', key: key.fingerprint });
    }
    this.#accept(user, method, key);
  }

  /** The key, if it is one that may log in as `user`; else why not. */
  async #authorizedKey(user: string, { algorithm, blob }: KeyCredential): Promise<PublicKey | string> {
    const read = this.#options.knownKeys.read(blob);
    if ('refused' in read) return read.refused;
    if (!algorithmsOf(read.key.type).includes(algorithm)) return `algorithm ${algorithm} does not fit the key`;
    try {
      const allowed = await this.#options.authorize(user, read.key);
      return allowed === true ? read.key : `the key is not authorized: ${read.key.fingerprint}`;
    } catch (error) {
      this.#options.report({ event: 'login-error', level: 'error', error: asError(error).message });
      this.#options.undecided();
      return 'keys could not be looked up';
    }
  }

  #accept(user: string, method: string, key: PublicKey): void {
    this.#over = true;
    this.#options.knownKeys.keep(key);
    this.#link.send(message(byte(Message.USERAUTH_SUCCESS)));
    this.#options.report({ event: 'login-accepted', level: 'info', user, method, key: key.fingerprint });
    this.#options.accepted(user);
  }

  /** Every failure counts but the first `none`, by which clients ask for the methods. RFC 4252 §5.2. */
  async #refuse(method: string, started: number, why?: { user: string; reason: string; key?: string }): Promise<void> {
    if (why) this.#options.report({ event: 'login-refused', level: 'warn', method, ...why });
    if (method !== 'none' || this.#requests > 1) this.#failures += 1;
    if (method !== 'none') this.#options.failed(this.#user ?? '');
    if (method !== 'none') await waitUntil(started + MIN_FAILURE_MS);
    if (this.#over) return;
    if (this.#failures >= this.#options.maxAuthTries) {
      this.#over = true;
      return this.#link.disconnect(DisconnectReason.NO_MORE_AUTH_METHODS_AVAILABLE, 'Too many authentication failures');
    }
    this.#link.send(message(byte(Message.USERAUTH_FAILURE), nameList(METHODS), boolean(false)));
  }
}

const keyWouldDo = ({ algorithm, blob }: KeyCredential): Buffer =>
  message(byte(Message.USERAUTH_PK_OK), string(algorithm), string(blob));

/** Timers count from the time that the event loop last looked at, so they may be early. */
async function waitUntil(time: number): Promise<void> {
  for (let left = time - performance.now(); left > 0; left = time - performance.now()) await delay(Math.ceil(left));
}

const delay = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds));
