/**
 * The host key of a server, accepted before its client's key exchange goes on. RFC 4253 §8.
 *
 * ssh2 takes every server when nobody is asked, and goes half on while somebody thinks. Here an exchange gets the
 * server's answer only when the key in it has been accepted, and a new key in a later exchange is a new question.
 */
import { createHash } from 'node:crypto';
import { asError, HostKeyRefusedError } from '../../transport/errors.ts';
import { unpooled } from '../../transport/unpooled.ts';
import { WireReader } from '../wire.ts';
import type { KeyExchange } from './library.ts';

/** Answer to a client's public value: host key, public value, signature. RFC 4253 §8, RFC 5656 §4. */
const KEX_REPLY = 31;

/** A key that says whose it is; that the server holds it is checked behind this. */
export interface ShownHostKey {
  /** Public key, RFC 4253 §6.6 encoding. */
  readonly blob: Buffer;
  /** Signature algorithm that was negotiated, e.g. `rsa-sha2-512`. */
  readonly algorithm: string;
}

/** Is this the server that we want? Nothing but true is yes. */
export type VerifyHostKey = (key: ShownHostKey) => boolean | Promise<boolean>;

/** Who is shown the keys. */
export interface KeyShown {
  /** Whether an answer that comes late is of any use. */
  readonly usable: boolean;
  /** The answer that was waited for is yes, and the exchange has gone on. */
  hostKeyAccepted(): void;
  /** It is no, or the exchange could not go on. */
  hostKeyRefused(error: Error): void;
}

export class HostKeyCheck {
  readonly #verify: VerifyHostKey;
  readonly #shown: KeyShown;
  #accepted: Buffer | undefined;
  #waiting = false;

  constructor(verify: VerifyHostKey, shown: KeyShown) {
    this.#verify = verify;
    this.#shown = shown;
  }

  /** An answer is being waited for: nothing that comes may be shown to the engine. */
  get waiting(): boolean {
    return this.#waiting;
  }

  /** The key that was accepted last. */
  get accepted(): Buffer | undefined {
    return this.#accepted;
  }

  /** What the engine asks: the second lock on the same door. */
  isAccepted(blob: Buffer): boolean {
    return this.#accepted?.equals(blob) === true;
  }

  /** Stand between one exchange and the server's answer. */
  guard(exchange: KeyExchange): void {
    const parse = exchange.parse.bind(exchange);
    exchange.parse = payload => {
      if (payload[0] !== KEX_REPLY) return parse(payload);
      exchange.parse = parse;
      return this.#ask(Buffer.from(payload), exchange.negotiated.serverHostKey, parse);
    };
  }

  #ask(reply: Buffer, algorithm: string, goOn: (reply: Buffer) => unknown): unknown {
    const reader = new WireReader(reply, 'the answer to a key exchange');
    reader.byte();
    const blob = unpooled(reader.string());
    if (this.isAccepted(blob)) return goOn(reply);
    const verdict = this.#verify({ blob, algorithm });
    if (!isPromise(verdict)) return this.#accept(verdict, blob, () => goOn(reply));
    this.#waiting = true;
    verdict
      .then(accepted => this.#shown.usable && this.#accept(accepted, blob, () => this.#goOnLater(goOn, reply)))
      .catch((error: unknown) => this.#shown.hostKeyRefused(asError(error)));
    return false;
  }

  #accept(verdict: boolean, blob: Buffer, then: () => unknown): unknown {
    if (verdict !== true) throw new HostKeyRefusedError(fingerprint(blob));
    this.#accepted = blob;
    return then();
  }

  #goOnLater(goOn: (reply: Buffer) => unknown, reply: Buffer): void {
    this.#waiting = false;
    goOn(reply);
    this.#shown.hostKeyAccepted();
  }
}

const isPromise = (verdict: boolean | Promise<boolean>): verdict is Promise<boolean> =>
  typeof verdict === 'object' && typeof verdict.then === 'function';

const fingerprint = (blob: Buffer): string =>
  `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
