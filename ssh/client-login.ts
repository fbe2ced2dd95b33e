/**
 * Login: the client's side of RFC 4252, by `none` and by public keys.
 *
 * Each key is tried with a signature at once, by an algorithm that the server has said it takes. What the server shows
 * before login (its banner) is handed on escaped. Nobody reaches a channel from here but through `accepted`.
 */
import { escapeText } from '../transport/escape.ts';
import type { CloseReason } from '../transport/close-reason.ts';
import { LoginRefusedError, RemoteProtocolError } from '../transport/errors.ts';
import { DisconnectReason, Message } from './codes.ts';
import { takenSignatures, type Extensions } from './ext-info.ts';
import type { HandshakeKey, IPacketLink, IPacketListener } from './packets.ts';
import { boolean, byte, message, string, WireReader } from './wire.ts';

const LOGIN_SERVICE = 'ssh-userauth';
const SERVICE = 'ssh-connection';
/** Signs for the host key too. OpenSSH PROTOCOL §3.1. */
const HOST_BOUND = 'publickey-hostbound-v00@openssh.com';
/** Bytes of banner that are shown; a server has no end of them. */
const MAX_BANNER_BYTES = 16 * 1024;

export interface ClientLoginOptions {
  readonly user: string;
  /** Tried in this order, behind `none`. */
  readonly keys: readonly HandshakeKey[];
  /** The first exchange hash and the server's host key, which signatures are bound to. */
  readonly sessionId: Uint8Array;
  readonly hostKey: Uint8Array;
  /** What the server shows before login: lines that are safe to print. Nobody has vouched for them. @default dropped */
  readonly banner?: (text: string) => void;
  /** Logged in: from here on the link is somebody else's. Say at once who listens. */
  readonly accepted: () => void;
  /** No login, and the link ends: LoginRefusedError if the server took none of the keys. Last call, as is `accepted`. */
  readonly failed: (reason: CloseReason) => void;
}

/** What a link of a client knows of its server. */
export interface ClientLink extends IPacketLink {
  readonly extensions: Extensions;
}

interface Credential {
  readonly key: HandshakeKey;
  readonly algorithm: string;
}

export class ClientLogin implements IPacketListener {
  readonly #link: ClientLink;
  readonly #options: ClientLoginOptions;
  /** What is left to try; set when the server is ready for logins. */
  #credentials: Credential[] | undefined;
  #bannerBytes = 0;
  #refused: LoginRefusedError | undefined;

  constructor(link: ClientLink, options: ClientLoginOptions) {
    this.#link = link;
    this.#options = options;
    link.listen(this);
    link.send(message(byte(Message.SERVICE_REQUEST), string(LOGIN_SERVICE)));
  }

  messageReceived(payload: Buffer): void {
    const number = payload[0] ?? 0;
    const rule = messages[number];
    if (!rule && number >= Message.USERAUTH_REQUEST && number < 128)
      throw new RemoteProtocolError('RFC 4252 §6', `message ${number} before login`);
    if (!rule) return this.#link.rejectMessage();
    const reader = new WireReader(payload, rule.name);
    reader.byte();
    rule.receive(this, reader);
  }

  linkWritable(): void {
    // Nothing here is bulk.
  }

  linkLost(reason: CloseReason): void {
    this.#options.failed(this.#refused ? { kind: 'lost', error: this.#refused } : reason);
  }

  // — messages —

  serviceAccepted(): void {
    if (this.#credentials) throw new RemoteProtocolError('RFC 4253 §10', 'SERVICE_ACCEPT twice');
    this.#credentials = credentials(this.#options.keys, takenSignatures(this.#link.extensions));
    this.#link.send(this.#request('none'));
  }

  bannerShown(text: string): void {
    const room = MAX_BANNER_BYTES - this.#bannerBytes;
    this.#bannerBytes += text.length;
    if (room > 0) this.#options.banner?.(text.slice(0, room).split(/\r?\n/).map(escapeText).join('\n'));
  }

  refused(methods: readonly string[]): void {
    const next = methods.includes('publickey') ? this.#waiting.shift() : undefined;
    if (next) return this.#link.send(this.#signed(next));
    this.#refused = new LoginRefusedError(refusal(this.#options, methods), methods);
    this.#link.disconnect(DisconnectReason.NO_MORE_AUTH_METHODS_AVAILABLE, 'no more keys to try');
  }

  accepted(): void {
    void this.#waiting;
    this.#options.accepted();
  }

  // — requests —

  /** Credentials that are left; there are none before the server has offered its service. */
  get #waiting(): Credential[] {
    if (!this.#credentials) throw new RemoteProtocolError('RFC 4252 §5', 'an answer that nobody asked for');
    return this.#credentials;
  }

  #request(method: string, ...fields: readonly Uint8Array[]): Buffer {
    const { user } = this.#options;
    return message(byte(Message.USERAUTH_REQUEST), string(user), string(SERVICE), string(method), ...fields);
  }

  /** RFC 4252 §7: what is signed is the session and the request itself. */
  #signed({ key, algorithm }: Credential): Buffer {
    const { sessionId, hostKey } = this.#options;
    const bound = this.#link.extensions.get('publickey-hostbound@openssh.com')?.toString() === '0';
    const fields = [boolean(true), string(algorithm), string(key.blob), ...(bound ? [string(hostKey)] : [])];
    const request = this.#request(bound ? HOST_BOUND : 'publickey', ...fields);
    const signature = key.sign(message(string(sessionId), request), algorithm);
    return message(request, string(message(string(algorithm), string(signature))));
  }
}

/** Each key with the first of its algorithms that the server takes; one that says nothing gets our first choice. */
const credentials = (keys: readonly HandshakeKey[], taken: readonly string[] | undefined): Credential[] =>
  keys.flatMap(key => {
    const algorithm = key.algorithms.find(name => taken?.includes(name) ?? true);
    return algorithm === undefined ? [] : [{ key, algorithm }];
  });

function refusal({ user, keys }: ClientLoginOptions, methods: readonly string[]): string {
  const tried = keys.length === 0 ? 'there was no key to try' : `none of ${keys.length} keys was accepted`;
  return `login as '${escapeText(user)}' was refused: ${tried}; the server takes ${escapeText(methods.join(', '))}`;
}

interface MessageRule {
  readonly name: string;
  readonly receive: (login: ClientLogin, reader: WireReader) => void;
}

/** What a server may say before login. RFC 4252 §6. */
const messages: Readonly<Record<number, MessageRule>> = {
  [Message.SERVICE_ACCEPT]: { name: 'SERVICE_ACCEPT', receive: login => login.serviceAccepted() },
  [Message.USERAUTH_FAILURE]: {
    name: 'USERAUTH_FAILURE',
    receive: (login, reader) => login.refused(reader.nameList()),
  },
  [Message.USERAUTH_SUCCESS]: { name: 'USERAUTH_SUCCESS', receive: login => login.accepted() },
  [Message.USERAUTH_BANNER]: { name: 'USERAUTH_BANNER', receive: (login, reader) => login.bannerShown(reader.text()) },
};
