/**
 * The medium of a channel: what moves its bytes. Window accounting, slicing, the order of data, EOF, exit status and
 * CLOSE. RFC 4254 §5.2–5.3, §6.10.
 *
 * Data and stderr leave in the order written, in slices that the peer's window, its maximum packet size and the
 * socket's pressure allow. It remembers no more than the one batch that it is sending.
 */
import type { ExitStatus } from '../transport/close-reason.ts';
import type { Medium } from '../transport/medium.ts';
import { RemoteProtocolError } from '../transport/errors.ts';
import { channelStates, type ChannelEvent, type ChannelState } from './channel-states.ts';
import { Message, STDERR } from './codes.ts';
import { exitMessage } from './exit-status.ts';
import type { IPacketLink } from './packets.ts';
import { byte, message, uint32, type Field } from './wire.ts';

const MAX_WINDOW = 0xffff_ffff;
/** The largest slice we send, whatever the peer would take: every implementation must accept it (RFC 4253 §6.1). */
const MAX_SLICE_BYTES = 32_768;
/** What one turn may send before other channels have theirs, in bytes. */
const TURN_BYTES = 4 * MAX_SLICE_BYTES;
/** Where the length of data stands: behind the number of the message and that of the channel. RFC 4254 §5.2. */
const DATA_LENGTH_AT = 5;

/** Numbers a channel starts with: ours and the peer's. */
export interface ChannelNumbers {
  readonly localId: number;
  readonly remoteId: number;
  /** Bytes the peer lets us send, and in how large pieces (at least 1). */
  readonly remoteWindow: number;
  readonly remoteMaxPacket: number;
  /** Bytes we let the peer send, and in how large pieces. */
  readonly localWindow: number;
  readonly localMaxPacket: number;
}

/** What a channel needs of its connection, which knows it by its local number. */
export interface ChannelHome {
  readonly link: IPacketLink;
  /** How long an answer to a request of the peer's may take, in milliseconds; 0 means for ever. */
  readonly requestTimeout: number;
  /** Whether channels wait for their turn to send. */
  readonly crowded: boolean;
  /** Give the channel a turn when the link is not full, behind those that wait already. */
  waitForTurn(localId: number): void;
  /** Our CLOSE has gone out. */
  closeSent(localId: number): void;
  /** The channel has told its protocol that it is over. */
  finished(localId: number): void;
}

export class ChannelMedium implements Medium {
  readonly #home: ChannelHome;
  readonly #numbers: ChannelNumbers;
  readonly #sliceBytes: number;
  /** What stands before data. A link keeps nothing of what it sends, so all messages of data have the same one. */
  readonly #dataHeader: Buffer;
  #remoteWindow: number;
  #localWindow: number;
  /** Received, and not yet dealt with by the protocol. */
  #undelivered = 0;
  #ungranted = 0;

  #state: ChannelState = 'open';
  #exitStatus: ExitStatus | undefined;
  /** Whether the exit status is still to come, and the peer's CLOSE is answered behind it. */
  #owesStatus = false;
  /** Whether nothing but the exit status and our CLOSE is left to send. */
  #over = false;

  #outgoing: Uint8Array[] = [];
  #taken: (() => void) | undefined;
  #sentOfBatch = 0;
  readonly #extended = new WeakSet<Uint8Array>();

  constructor(home: ChannelHome, numbers: ChannelNumbers) {
    this.#home = home;
    this.#numbers = numbers;
    this.#sliceBytes = Math.min(numbers.remoteMaxPacket, MAX_SLICE_BYTES);
    this.#dataHeader = message(byte(Message.CHANNEL_DATA), uint32(numbers.remoteId), uint32(0));
    this.#remoteWindow = numbers.remoteWindow;
    this.#localWindow = numbers.localWindow;
  }

  /** Our CLOSE is still to come. */
  get isOpen(): boolean {
    return this.#may('send-close');
  }

  /** One message about this channel, unless our CLOSE has been the last. */
  tell(number: number, ...fields: readonly Field[]): void {
    if (this.isOpen) this.#home.link.send(byte(number), uint32(this.#numbers.remoteId), ...fields);
  }

  // — outbound data —

  /** Bytes that have gone out of the batch which its endpoint still counts as queued. */
  get sentOfBatch(): number {
    return this.#sentOfBatch;
  }

  /** The same bytes, marked to travel as stderr. */
  markExtended(data: Uint8Array): Uint8Array {
    const marked = data.subarray();
    this.#extended.add(marked);
    return marked;
  }

  send(chunks: readonly Uint8Array[], taken: () => void): void {
    this.#outgoing = this.#may('send-data') ? [...chunks] : [];
    this.#taken = taken;
    this.#askForTurn();
  }

  /** Nothing of ours waits, so only others may be before it. What one turn may send is all that goes. */
  sendNow(data: Uint8Array): number {
    let sent = 0;
    while (sent < Math.min(data.length, TURN_BYTES) && this.#remoteWindow > 0) {
      if (this.#home.crowded || !this.#home.link.writable) break;
      const slice = data.subarray(sent, sent + Math.min(this.#remoteWindow, this.#sliceBytes));
      this.#sendData(slice);
      sent += slice.length;
    }
    return sent;
  }

  takeTurn(): void {
    let budget = TURN_BYTES;
    while (this.#outgoing.length > 0 && this.#remoteWindow > 0) {
      if (budget <= 0 || !this.#home.link.writable) return this.#home.waitForTurn(this.#numbers.localId);
      budget -= this.#sendSlice();
    }
    if (this.#outgoing.length === 0) this.#reportTaken();
  }

  windowFromPeer(bytes: number): void {
    this.#remoteWindow += bytes;
    if (this.#remoteWindow > MAX_WINDOW) throw new RemoteProtocolError('RFC 4254 §5.2', 'window above 2^32 - 1 bytes');
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
    const size = Math.min(chunk.length, this.#remoteWindow, this.#sliceBytes);
    const slice = chunk.subarray(0, size);
    const extended = this.#extended.has(chunk);
    const left = chunk.subarray(size);
    if (left.length === 0) this.#outgoing.shift();
    else this.#outgoing[0] = extended ? this.markExtended(left) : left;
    this.#sentOfBatch += size;
    if (extended) this.#sendExtended(slice);
    else this.#sendData(slice);
    return size;
  }

  #sendData(slice: Uint8Array): void {
    this.#remoteWindow -= slice.length;
    if (!this.isOpen) return;
    this.#dataHeader.writeUInt32BE(slice.length, DATA_LENGTH_AT);
    this.#home.link.send(this.#dataHeader, slice);
  }

  #sendExtended(slice: Uint8Array): void {
    this.#remoteWindow -= slice.length;
    this.tell(Message.CHANNEL_EXTENDED_DATA, uint32(STDERR), uint32(slice.length), slice);
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
    this.#fromPeer('receive-data', 'data after EOF');
    if (bytes > this.#numbers.localMaxPacket) {
      throw new RemoteProtocolError('RFC 4254 §5.2', `${bytes} bytes in one message`);
    }
    if (bytes > this.#localWindow) {
      throw new RemoteProtocolError('RFC 4254 §5.2', `${bytes - this.#localWindow} bytes more than the window allows`);
    }
    this.#localWindow -= bytes;
    this.#undelivered += bytes;
  }

  /** The protocol has taken so many bytes: grant them again, in steps of half a window. */
  delivered(bytes: number): void {
    const credit = Math.min(bytes, this.#undelivered);
    this.#undelivered -= credit;
    this.#ungranted += credit;
    if (this.#ungranted < this.#numbers.localWindow / 2 || !this.#may('receive-data')) return;
    this.tell(Message.CHANNEL_WINDOW_ADJUST, uint32(this.#ungranted));
    this.#localWindow += this.#ungranted;
    this.#ungranted = 0;
  }

  startReading(): void {
    // The window is the only tap, and `delivered` opens it.
  }

  stopReading(): void {
    // A paused protocol takes nothing, so nothing is granted, and the peer stops when its window is used up.
  }

  // — the ends —

  sendEof(sent: () => void): void {
    this.#sendEofOnce();
    queueMicrotask(sent);
  }

  /** From now on the peer's CLOSE is answered behind the exit status, which has to be told one day. */
  oweStatus(): void {
    this.#owesStatus = true;
  }

  /** Goes out with our CLOSE: at once, if the peer's has come and its protocol has heard of it. */
  tellStatus(status: ExitStatus): void {
    this.#exitStatus = status;
    this.#owesStatus = false;
    if (this.#over) this.close();
  }

  close(): void {
    if (!this.#isHeld) this.#sendStatus();
    this.#sendEofOnce();
    this.destroy();
  }

  destroy(): void {
    this.#over = this.#isHeld;
    if (this.#over) return;
    this.#sendCloseOnce();
    this.#home.finished(this.#numbers.localId);
  }

  eofFromPeer(): void {
    this.#fromPeer('receive-eof', 'EOF twice');
  }

  /** CLOSE is answered by CLOSE, behind the exit status if there is to be one. RFC 4254 §5.3; sshd session.c. */
  closeFromPeer(): void {
    this.#fromPeer('receive-close', 'CLOSE twice');
    this.#dropOutgoing();
    if (this.#isHeld) return;
    this.#sendStatus();
    this.#sendCloseOnce();
  }

  /** The link has gone: there is nobody to tell anything. */
  linkLost(): void {
    this.#state = 'closed';
    if (this.#over) this.destroy();
  }

  get #isHeld(): boolean {
    return this.#owesStatus && this.#state === 'close-received';
  }

  #dropOutgoing(): void {
    this.#outgoing = [];
    this.#reportTaken();
  }

  #sendStatus(): void {
    if (this.#exitStatus) this.tell(Message.CHANNEL_REQUEST, ...exitMessage(this.#exitStatus));
  }

  #sendEofOnce(): void {
    if (!this.#may('send-eof')) return;
    this.tell(Message.CHANNEL_EOF);
    this.#enter('send-eof');
  }

  #sendCloseOnce(): void {
    if (!this.isOpen) return;
    this.tell(Message.CHANNEL_CLOSE);
    this.#enter('send-close');
    this.#dropOutgoing();
    this.#home.closeSent(this.#numbers.localId);
  }

  // — the state —

  #may(event: ChannelEvent): boolean {
    return channelStates[this.#state][event] !== undefined;
  }

  /** Where `event` is not allowed, nothing changes. */
  #enter(event: ChannelEvent): void {
    this.#state = channelStates[this.#state][event] ?? this.#state;
  }

  #fromPeer(event: ChannelEvent, otherwise: string): void {
    if (!this.#may(event)) throw new RemoteProtocolError('RFC 4254 §5.3', otherwise);
    this.#enter(event);
  }
}
