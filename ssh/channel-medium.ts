/**
 * The medium of a channel: what moves its bytes. Slices, turns, and the order of data and stderr. RFC 4254 §5.2.
 *
 * Data and stderr leave in the order written, in slices that the peer's window, its maximum packet size and the
 * socket's pressure allow. It remembers no more than the one batch that it is sending. What stands behind the data is
 * said by ChannelEnds; what we may send is counted by SendWindow, what the peer may by ReceiveWindow.
 */
import type { Medium } from '../transport/medium.ts';
import { unpooled } from '../transport/unpooled.ts';
import { ChannelEnds } from './channel-ends.ts';
import type { ChannelHome, ChannelNumbers } from './channel-home.ts';
import { Message, STDERR } from './codes.ts';
import { ReceiveWindow } from './receive-window.ts';
import { SendWindow, type SendWindowOwner } from './send-window.ts';
import { byte, message, uint32 } from './wire.ts';

/** The largest slice we send, whatever the peer would take: every implementation must accept it (RFC 4253 §6.1). */
const MAX_SLICE_BYTES = 32_768;
/** What one turn may send before other channels have theirs, in bytes. */
const TURN_BYTES = 4 * MAX_SLICE_BYTES;
/** Where the length of data stands: behind the number of the message and that of the channel. RFC 4254 §5.2. */
const DATA_LENGTH_AT = 5;

export class ChannelMedium implements Medium, SendWindowOwner {
  /** A link keeps nothing of what it sends. */
  readonly copies = true;
  readonly ends: ChannelEnds;
  readonly #home: ChannelHome;
  readonly #numbers: ChannelNumbers;
  readonly #sliceBytes: number;
  /** What stands before data, the same for all messages of it: a link keeps nothing. */
  readonly #dataHeader: Buffer;
  readonly #remoteWindow: SendWindow;
  readonly #window: ReceiveWindow;

  #outgoing: Uint8Array[] = [];
  #taken: (() => void) | undefined;
  #sentOfBatch = 0;
  #extended: WeakSet<Uint8Array> | undefined;

  constructor(home: ChannelHome, numbers: ChannelNumbers) {
    this.ends = new ChannelEnds(home, numbers, this);
    this.#home = home;
    this.#numbers = numbers;
    this.#sliceBytes = Math.min(numbers.remoteMaxPacket, MAX_SLICE_BYTES);
    this.#dataHeader = unpooled(message(byte(Message.CHANNEL_DATA), uint32(numbers.remoteId), uint32(0)));
    this.#remoteWindow = new SendWindow(numbers.remoteWindow, this);
    this.#window = new ReceiveWindow(numbers.localWindow, numbers.localMaxPacket);
  }

  // — outbound data —

  /** Bytes that have gone out of the batch which its endpoint still counts as queued. */
  get sentOfBatch(): number {
    return this.#sentOfBatch;
  }

  /** The same bytes, marked to travel as stderr. */
  markExtended(data: Uint8Array): Uint8Array {
    const marked = data.subarray();
    this.#extended ??= new WeakSet();
    this.#extended.add(marked);
    return marked;
  }

  send(chunks: readonly Uint8Array[], taken: () => void): void {
    this.#outgoing = this.ends.may('send-data') ? [...chunks] : [];
    this.#taken = taken;
    this.#askForTurn();
  }

  /** Nothing of ours waits, so only others may be before it. What one turn may send is all that goes. */
  sendNow(data: Uint8Array): number {
    let sent = 0;
    while (sent < Math.min(data.length, TURN_BYTES) && this.#remoteWindow.room > 0) {
      if (this.#home.crowded || !this.#home.link.writable) break;
      const slice = data.subarray(sent, sent + Math.min(this.#remoteWindow.room, this.#sliceBytes));
      this.#sendData(slice);
      sent += slice.length;
    }
    return sent;
  }

  takeTurn(): void {
    let budget = TURN_BYTES;
    while (this.#outgoing.length > 0 && this.#remoteWindow.room > 0) {
      if (budget <= 0 || !this.#home.link.writable) return this.#home.waitForTurn(this.#numbers.localId);
      budget -= this.#sendSlice();
    }
    if (this.#outgoing.length === 0) this.#reportTaken();
    else this.#remoteWindow.waitForRoom();
  }

  windowFromPeer(bytes: number): void {
    this.#remoteWindow.granted(bytes);
    this.#askForTurn();
  }

  roomAgain(): void {
    this.#askForTurn();
  }

  /** New data or a new window is no reason to go before others. */
  #askForTurn(): void {
    if (this.#home.crowded) this.#home.waitForTurn(this.#numbers.localId);
    else this.takeTurn();
  }

  #sendSlice(): number {
    const [chunk] = this.#outgoing;
    if (!chunk) return 0;
    const size = Math.min(chunk.length, this.#remoteWindow.room, this.#sliceBytes);
    const slice = chunk.subarray(0, size);
    const extended = this.#extended?.has(chunk) === true;
    const left = chunk.subarray(size);
    if (left.length === 0) this.#outgoing.shift();
    else this.#outgoing[0] = extended ? this.markExtended(left) : left;
    this.#sentOfBatch += size;
    if (extended) this.#sendExtended(slice);
    else this.#sendData(slice);
    return size;
  }

  #sendData(slice: Uint8Array): void {
    this.#remoteWindow.sent(slice.length);
    if (!this.ends.isOpen) return;
    this.#dataHeader.writeUInt32BE(slice.length, DATA_LENGTH_AT);
    this.#home.link.send(this.#dataHeader, slice);
  }

  #sendExtended(slice: Uint8Array): void {
    this.#remoteWindow.sent(slice.length);
    this.ends.tell(Message.CHANNEL_EXTENDED_DATA, uint32(STDERR), uint32(slice.length), slice);
  }

  #reportTaken(): void {
    const taken = this.#taken;
    this.#taken = undefined;
    if (!taken) return;
    queueMicrotask(() => {
      this.#sentOfBatch = 0;
      taken();
    });
  }

  // — inbound data —

  dataFromPeer(bytes: number): void {
    this.ends.dataFromPeer();
    this.#window.received(bytes);
  }

  /** The protocol has taken so many bytes: grant them again, unless no more may come. */
  delivered(bytes: number): void {
    this.#window.delivered(bytes);
    if (this.#window.isDue && this.ends.may('receive-data'))
      this.ends.tell(Message.CHANNEL_WINDOW_ADJUST, uint32(this.#window.grant()));
  }

  startReading(): void {
    // The window is the only tap, and `delivered` opens it.
  }

  stopReading(): void {
    // A paused protocol takes nothing, so nothing is granted, and the peer stops when its window is used up.
  }

  // — the ends —

  sendEof(sent: () => void): void {
    this.ends.sendEof();
    queueMicrotask(sent);
  }

  close(): void {
    this.#remoteWindow.close();
    this.ends.close();
  }

  destroy(): void {
    this.#remoteWindow.close();
    this.ends.destroy();
  }

  dropOutgoing(): void {
    this.#remoteWindow.close();
    this.#outgoing = [];
    this.#reportTaken();
  }
}
