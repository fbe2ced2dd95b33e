/** The model of a channel between two connections that hand each other their messages: no packets, no keys. */
import { describe } from '@jest/globals';
import fc from '../support/properties.ts';
import { Message } from '../../ssh/codes.ts';
import { SshConnection } from '../../ssh/connection.ts';
import { linkPair } from '../support/memory-link.ts';
import { channelFacts, type Line } from './channel-model.ts';
import { numberOf } from './messages.ts';

/** Our connections offer 32 KiB at most; on its way the offer becomes the world's. It stands last but for the type. */
function withMaxPacket(payload: Buffer, [opener, acceptor]: readonly [number, number]): Buffer {
  const offers = new Map<number, number>([
    [Message.CHANNEL_OPEN, opener],
    [Message.CHANNEL_OPEN_CONFIRMATION, acceptor],
  ]);
  const offer = offers.get(numberOf(payload));
  if (offer === undefined) return payload;
  const changed = Buffer.from(payload);
  changed.writeUInt32BE(offer, payload.length - 4);
  return changed;
}

describe('a channel in any world', () =>
  channelFacts({
    steps: [],
    lines: fc.constant(([left, right], maxPackets) => {
      const ends = linkPair(payload => withMaxPacket(payload, maxPackets));
      const opener = new SshConnection(ends[0], left);
      new SshConnection(ends[1], right);
      return Promise.resolve<Line>({ ends, opener, [Symbol.asyncDispose]: () => Promise.resolve() });
    }),
    runs: 80,
  }));
