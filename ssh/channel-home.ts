/**
 * What a channel is given when it is opened: its numbers, and what it needs of its connection.
 */
import type { IPacketLink } from './packets.ts';

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
