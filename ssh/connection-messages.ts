/**
 * Every message of the connection protocol, and what of it is whose: the table that a connection is driven by. RFC 4254 §9.
 */
import type { Channel } from './channel.ts';
import { Message } from './codes.ts';
import type { WireReader } from './wire.ts';

/** What a connection does with them. Each reads what its message holds behind the number, and may throw RemoteProtocolError. */
export interface ConnectionReceiver {
  globalRequest(reader: WireReader): void;
  /** What a yes carries, or a no. */
  globalReply(answer: Buffer | false): void;
  readonly openings: {
    asked(reader: WireReader): void;
    confirmed(reader: WireReader): void;
    refused(reader: WireReader): void;
  };
  /** The channel that a message is for. */
  channelOf(reader: WireReader): Channel;
  channelClosed(channel: Channel): void;
}

interface MessageRule {
  readonly name: string;
  /** Whether it asks us to do something, at a cost to us that the peer does not have. */
  readonly asks?: true;
  readonly receive: (receiver: ConnectionReceiver, reader: WireReader) => void;
}

/** Every message of RFC 4254 §9. A number that is not here is answered with UNIMPLEMENTED. */
export const messages: Readonly<Record<number, MessageRule>> = {
  /** Login is over; RFC 4252 §5.1 has late requests ignored without an answer. */
  [Message.USERAUTH_REQUEST]: { name: 'USERAUTH_REQUEST', receive: () => undefined },
  [Message.GLOBAL_REQUEST]: { name: 'GLOBAL_REQUEST', asks: true, receive: (c, r) => c.globalRequest(r) },
  [Message.REQUEST_SUCCESS]: { name: 'REQUEST_SUCCESS', receive: (c, r) => c.globalReply(r.rest()) },
  [Message.REQUEST_FAILURE]: { name: 'REQUEST_FAILURE', receive: c => c.globalReply(false) },
  [Message.CHANNEL_OPEN]: { name: 'CHANNEL_OPEN', asks: true, receive: (c, r) => c.openings.asked(r) },
  [Message.CHANNEL_OPEN_CONFIRMATION]: {
    name: 'CHANNEL_OPEN_CONFIRMATION',
    receive: (c, r) => c.openings.confirmed(r),
  },
  [Message.CHANNEL_OPEN_FAILURE]: { name: 'CHANNEL_OPEN_FAILURE', receive: (c, r) => c.openings.refused(r) },
  [Message.CHANNEL_WINDOW_ADJUST]: {
    name: 'WINDOW_ADJUST',
    receive: (c, r) => c.channelOf(r).windowFromPeer(r.uint32()),
  },
  [Message.CHANNEL_DATA]: { name: 'CHANNEL_DATA', receive: (c, r) => c.channelOf(r).dataFromPeer(r.string()) },
  [Message.CHANNEL_EXTENDED_DATA]: {
    name: 'CHANNEL_EXTENDED_DATA',
    receive: (c, r) => {
      const channel = c.channelOf(r);
      r.uint32();
      channel.extendedFromPeer(r.string());
    },
  },
  [Message.CHANNEL_EOF]: { name: 'CHANNEL_EOF', receive: (c, r) => c.channelOf(r).eofFromPeer() },
  [Message.CHANNEL_CLOSE]: { name: 'CHANNEL_CLOSE', receive: (c, r) => c.channelClosed(c.channelOf(r)) },
  [Message.CHANNEL_REQUEST]: {
    name: 'CHANNEL_REQUEST',
    asks: true,
    receive: (c, r) => c.channelOf(r).requestFromPeer({ type: r.text(), wantReply: r.boolean(), data: r.rest() }),
  },
  [Message.CHANNEL_SUCCESS]: { name: 'CHANNEL_SUCCESS', receive: (c, r) => c.channelOf(r).replyFromPeer(true) },
  [Message.CHANNEL_FAILURE]: { name: 'CHANNEL_FAILURE', receive: (c, r) => c.channelOf(r).replyFromPeer(false) },
};
