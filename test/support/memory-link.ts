/**
 * Packet links without packets: one whose peer a test plays by hand, and two that talk to each other.
 *
 * They keep the rules of PacketLink that the layers above lean on: a breach is one disconnect and then silence, nothing
 * is sent after it, `linkLost` comes once. There is no encryption and no clock.
 */
import type { Address } from '../../transport/address.ts';
import { done, type CloseReason } from '../../transport/close-reason.ts';
import { asError, RemoteProtocolError } from '../../transport/errors.ts';
import { DisconnectReason } from '../../ssh/codes.ts';
import type { IPacketLink, IPacketListener } from '../../ssh/packets.ts';
import { text } from '../ssh/messages.ts';

export interface Disconnect {
  readonly reason: number;
  readonly text: string;
}

export class MemoryLink implements IPacketLink {
  /** Everything sent, as it would go into packets. */
  readonly sent: Buffer[] = [];
  /** Set by the first disconnect, ours or for a breach of the peer's. */
  disconnected: Disconnect | undefined;
  /** Messages answered with UNIMPLEMENTED. */
  rejected = 0;
  #listener: IPacketListener | undefined;
  #writable = true;
  #lost = false;

  /** What was sent, one line each; `since` counts messages. */
  log(since = 0): string[] {
    return this.sent.slice(since).map(text);
  }

  // — for the test —

  /** As if the peer had sent these messages, in one piece of the stream: all in one turn. */
  receive(...payloads: readonly Uint8Array[]): void {
    for (const payload of payloads) {
      if (this.disconnected || this.#lost) return;
      try {
        this.#listener?.messageReceived(Buffer.from(payload));
      } catch (error) {
        this.#fail(asError(error));
      }
    }
  }

  set writable(writable: boolean) {
    this.#writable = writable;
    if (this.writable) this.#listener?.linkWritable();
  }

  /** As if the socket had gone. */
  lose(reason: CloseReason): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#listener?.linkLost(reason);
  }

  /** There are no keys here. */
  rekey(): void {
    // Nothing to exchange.
  }

  // — for the layers above —

  get writable(): boolean {
    return this.#writable && !this.disconnected && !this.#lost;
  }

  send(...pieces: readonly Uint8Array[]): void {
    if (!this.disconnected && !this.#lost) this.sent.push(Buffer.concat(pieces));
  }

  disconnect(reason: number, why: string): void {
    this.disconnected ??= { reason, text: why };
  }

  rejectMessage(): void {
    this.rejected += 1;
  }

  listen(listener: IPacketListener): void {
    this.#listener = listener;
  }

  getPeer(): Address {
    return { kind: 'memory', name: 'the peer' };
  }

  getHost(): Address {
    return { kind: 'memory', name: 'this end' };
  }

  #fail(error: Error): void {
    const why = error instanceof RemoteProtocolError ? error.message : `internal error: ${error.message}`;
    this.disconnect(DisconnectReason.PROTOCOL_ERROR, why);
  }
}

/** Changes a message on its way, as a test needs it. */
export type Rewrite = (payload: Buffer) => Buffer;

/** Two links joined: what one sends, the other receives on a later turn of the event loop, in order. */
export function linkPair(rewrite: Rewrite = payload => payload): readonly [left: JoinedLink, right: JoinedLink] {
  const left = new JoinedLink(rewrite);
  const right = new JoinedLink(rewrite);
  left.join(right);
  right.join(left);
  return [left, right];
}

export class JoinedLink extends MemoryLink {
  readonly #rewrite: Rewrite;
  #other: MemoryLink | undefined;
  #onTheWay: Buffer[] = [];

  constructor(rewrite: Rewrite) {
    super();
    this.#rewrite = rewrite;
  }

  join(other: MemoryLink): void {
    this.#other = other;
  }

  override send(...pieces: readonly Uint8Array[]): void {
    const before = this.sent.length;
    super.send(...pieces);
    for (const message of this.sent.slice(before)) this.#carry(this.#rewrite(message));
  }

  /** Both ends hear of it, behind what was sent: this one because it said so, the other because it was told. */
  override disconnect(reason: number, why: string): void {
    if (this.disconnected) return;
    super.disconnect(reason, why);
    const error = new Error(`peer disconnected: ${why} (${reason})`);
    setImmediate(() => {
      this.lose(reason === DisconnectReason.BY_APPLICATION ? done : { kind: 'protocol-error', error: new Error(why) });
      this.#other?.lose(reason === DisconnectReason.BY_APPLICATION ? done : { kind: 'lost', error });
    });
  }

  #carry(payload: Buffer): void {
    if (this.#onTheWay.push(payload) > 1) return;
    setImmediate(() => this.#other?.receive(...this.#onTheWay.splice(0)));
  }
}
