/**
 * Flow control for media that deliver whatever is posted: a message port, a web socket.
 *
 * Each side grants the other credit in bytes, at the start a window, later what its protocol has dealt with, and sends
 * no more than it was granted. So at most a window of bytes waits at the receiver, and the rest stays in the sender's
 * queue, where marks and bounds apply. A peer that breaks these rules ends the connection with `protocol-error`.
 * After RFC 4254 §5.2 (window) and RFC 9113 §5.2 (flow control).
 */
import { done } from '../close-reason.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Medium } from '../medium.ts';
import { asError, RemoteProtocolError } from '../errors.ts';
import { decodeFrame, encodeData, encodeFrame, type Frame } from './frames.ts';

/** What carries frames, whole and in order. */
export interface Carrier {
  post(frame: Uint8Array): void;
  /** Everything posted still goes out; then the carrier closes. */
  close(): void;
  /** Let go of it at once. */
  destroy(): void;
}

export interface CreditOptions {
  /** Bytes that the peer may send before we have dealt with them. @default 262_144 */
  readonly window?: number;
}

/** Credit that nobody can need, so that sums stay exact. */
const mostCredit = 2 ** 32 - 1;

/** Data frames are cut to this, so that one connection's megabyte does not hold up another's keystroke. */
const longestData = 65_536;

export class CreditMedium implements Medium {
  readonly #carrier: Carrier;
  readonly #window: number;
  #endpoint: Endpoint | undefined;
  #credit = 0;
  #granted = 0;
  #ungranted = 0;
  #outgoing: Uint8Array[] = [];
  #taken: (() => void) | undefined;
  #peerEnded = false;
  #peerClosed = false;

  constructor(carrier: Carrier, { window = 262_144 }: CreditOptions) {
    this.#carrier = carrier;
    this.#window = window;
  }

  /** Begin: grant the peer its window. */
  listen(endpoint: Endpoint): void {
    this.#endpoint = endpoint;
    this.#grant(this.#window);
  }

  /** A message has come. What it breaks ends the connection; nothing is thrown. */
  messageReceived(message: Uint8Array): void {
    try {
      this.#frameReceived(decodeFrame(message));
    } catch (error) {
      this.#endpoint?.ended({ kind: 'protocol-error', error: asError(error) });
    }
  }

  /** The carrier is gone. Behind the peer's close that is how it should be, and what came before is still delivered. */
  carrierLost(error: Error): void {
    if (!this.#peerClosed) this.#endpoint?.ended({ kind: 'lost', error });
  }

  send(chunks: readonly Uint8Array[], taken: () => void): void {
    this.#outgoing = [...chunks];
    this.#taken = taken;
    this.#sendWhatMayGo();
  }

  sendEof(sent: () => void): void {
    this.#post({ kind: 'eof' });
    queueMicrotask(sent);
  }

  startReading(): void {
    // The peer sends by credit, and `delivered` gives it.
  }

  stopReading(): void {
    // A paused protocol takes nothing, so nothing is granted.
  }

  delivered(bytes: number): void {
    this.#ungranted += bytes;
    if (this.#ungranted < this.#window / 2 || this.#peerEnded) return;
    this.#grant(this.#ungranted);
    this.#ungranted = 0;
  }

  close(): void {
    this.#post({ kind: 'close' });
    this.#carrier.close();
  }

  destroy(): void {
    this.#outgoing = [];
    this.#carrier.destroy();
  }

  #frameReceived(frame: Frame): void {
    if (frame.kind === 'data') this.#dataReceived(frame.data);
    else if (frame.kind === 'grant') this.#creditReceived(frame.bytes);
    else if (frame.kind === 'close') this.#closeReceived();
    else this.#eofReceived();
  }

  #dataReceived(data: Uint8Array): void {
    if (this.#peerEnded) throw new RemoteProtocolError('credit framing', 'data behind EOF');
    if (data.length > this.#granted) {
      throw new RemoteProtocolError('credit framing', `${data.length - this.#granted} bytes more than were granted`);
    }
    this.#granted -= data.length;
    this.#endpoint?.received(data);
  }

  #creditReceived(bytes: number): void {
    if (bytes === 0 || this.#credit + bytes > mostCredit) {
      throw new RemoteProtocolError('credit framing', `a grant of ${bytes} bytes on top of ${this.#credit}`);
    }
    this.#credit += bytes;
    this.#sendWhatMayGo();
  }

  #eofReceived(): void {
    if (this.#peerEnded) throw new RemoteProtocolError('credit framing', 'EOF a second time');
    this.#peerEnded = true;
    this.#endpoint?.receivedEof();
  }

  #closeReceived(): void {
    this.#peerClosed = true;
    this.#endpoint?.receivedClose(done);
  }

  #sendWhatMayGo(): void {
    while (this.#credit > 0 && this.#outgoing.length > 0) {
      this.#carrier.post(encodeData(this.#takeOutgoing(Math.min(this.#credit, longestData))));
    }
    if (this.#outgoing.length === 0) this.#tellTaken();
  }

  /** Up to `most` bytes of what is to go: small pieces share a frame. */
  #takeOutgoing(most: number): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    let room = most;
    for (let chunk = this.#outgoing.shift(); chunk; chunk = room > 0 ? this.#outgoing.shift() : undefined) {
      pieces.push(chunk.subarray(0, room));
      if (chunk.length > room) this.#outgoing.unshift(chunk.subarray(room));
      room -= Math.min(room, chunk.length);
    }
    this.#credit -= most - room;
    return pieces;
  }

  #tellTaken(): void {
    const taken = this.#taken;
    this.#taken = undefined;
    if (taken) setImmediate(taken); // a turn between batches, so that the carrier can work
  }

  #grant(bytes: number): void {
    this.#granted += bytes;
    this.#post({ kind: 'grant', bytes });
  }

  #post(frame: Frame): void {
    this.#carrier.post(encodeFrame(frame));
  }
}
