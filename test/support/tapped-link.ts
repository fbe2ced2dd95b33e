/** A link that a test listens in on: what goes out, and what comes in, which it may change. */
import type { IPacketLink } from '../../ssh/packets.ts';

export interface Tap {
  readonly sent?: (payload: Buffer) => void;
  /** Answers what the layers above shall see of it. */
  readonly received?: (payload: Buffer) => Buffer;
}

export const tapped = (link: IPacketLink, { sent, received = same }: Tap): IPacketLink => ({
  get writable() {
    return link.writable;
  },
  send: (...pieces) => {
    sent?.(Buffer.concat(pieces));
    link.send(...pieces);
  },
  disconnect: (reason, text) => link.disconnect(reason, text),
  rejectMessage: () => link.rejectMessage(),
  listen: listener =>
    link.listen({
      messageReceived: payload => listener.messageReceived(received(Buffer.from(payload))),
      linkWritable: () => listener.linkWritable(),
      linkLost: reason => listener.linkLost(reason),
    }),
  getPeer: () => link.getPeer(),
  getHost: () => link.getHost(),
});

const same = (payload: Buffer): Buffer => payload;
