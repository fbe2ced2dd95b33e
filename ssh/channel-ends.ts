/**
 * The ends of a channel: what each side may still say, and the order of what we say last: EOF, exit status, CLOSE.
 * RFC 4254 §5.3, §6.10.
 *
 * The peer's CLOSE is answered by ours, behind the exit status if there is to be one, as sshd does it (session.c).
 */
import type { ExitStatus } from '../transport/close-reason.ts';
import { RemoteProtocolError } from '../transport/errors.ts';
import type { ChannelHome, ChannelNumbers } from './channel-home.ts';
import { channelStates, type ChannelEvent, type ChannelState } from './channel-states.ts';
import { Message } from './codes.ts';
import { exitMessage } from './exit-status.ts';
import { byte, uint32, type Field } from './wire.ts';

/** Who has the data that stands before an end. */
export interface DataOwner {
  /** No data may go out any more. */
  dropOutgoing(): void;
}

export class ChannelEnds {
  readonly #home: ChannelHome;
  readonly #numbers: ChannelNumbers;
  readonly #data: DataOwner;
  #state: ChannelState = 'open';
  #exitStatus: ExitStatus | undefined;
  /** Whether the exit status is still to come, and the peer's CLOSE is answered behind it. */
  #owesStatus = false;
  /** Whether nothing but the exit status and our CLOSE is left to send. */
  #over = false;

  constructor(home: ChannelHome, numbers: ChannelNumbers, data: DataOwner) {
    this.#home = home;
    this.#numbers = numbers;
    this.#data = data;
  }

  /** Our CLOSE is still to come. */
  get isOpen(): boolean {
    return this.may('send-close');
  }

  may(event: ChannelEvent): boolean {
    return channelStates[this.#state][event] !== undefined;
  }

  /** One message about this channel, unless our CLOSE has been the last. */
  tell(number: number, ...fields: readonly Field[]): void {
    if (this.isOpen) this.#home.link.send(byte(number), uint32(this.#numbers.remoteId), ...fields);
  }

  // — ours —

  sendEof(): void {
    if (!this.may('send-eof')) return;
    this.tell(Message.CHANNEL_EOF);
    this.#enter('send-eof');
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

  /** All that may still be said, and CLOSE. */
  close(): void {
    if (!this.#isHeld) this.#sendStatus();
    this.sendEof();
    this.destroy();
  }

  /** CLOSE, and no more. */
  destroy(): void {
    this.#over = this.#isHeld;
    if (this.#over) return;
    this.#sendClose();
    this.#home.finished(this.#numbers.localId);
  }

  // — the peer's: each throws RemoteProtocolError where it is not allowed —

  dataFromPeer(): void {
    this.#fromPeer('receive-data', 'data after EOF');
  }

  eofFromPeer(): void {
    this.#fromPeer('receive-eof', 'EOF twice');
  }

  closeFromPeer(): void {
    this.#fromPeer('receive-close', 'CLOSE twice');
    this.#data.dropOutgoing();
    if (this.#isHeld) return;
    this.#sendStatus();
    this.#sendClose();
  }

  /** The link has gone: there is nobody to tell anything. */
  linkLost(): void {
    this.#state = 'closed';
    if (this.#over) this.destroy();
  }

  // — helpers —

  get #isHeld(): boolean {
    return this.#owesStatus && this.#state === 'close-received';
  }

  #sendStatus(): void {
    if (this.#exitStatus) this.tell(Message.CHANNEL_REQUEST, ...exitMessage(this.#exitStatus));
  }

  #sendClose(): void {
    if (!this.isOpen) return;
    this.tell(Message.CHANNEL_CLOSE);
    this.#enter('send-close');
    this.#data.dropOutgoing();
    this.#home.closeSent(this.#numbers.localId);
  }

  /** Where `event` is not allowed, nothing changes. */
  #enter(event: ChannelEvent): void {
    this.#state = channelStates[this.#state][event] ?? this.#state;
  }

  #fromPeer(event: ChannelEvent, otherwise: string): void {
    if (!this.may(event)) throw new RemoteProtocolError('RFC 4254 §5.3', otherwise);
    this.#enter(event);
  }
}
