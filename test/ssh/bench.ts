/** One connection of ours on a link that the test plays by hand, and what its channels told their protocol. */
import { Channel } from '../../ssh/channel.ts';
import { SshConnection } from '../../ssh/connection.ts';
import type { ChannelType, ConnectionOptions } from '../../ssh/connection-options.ts';
import { done, type CloseReason } from '../../transport/close-reason.ts';
import { MemoryLink } from '../support/memory-link.ts';
import { HalfCloseableRecorder } from '../support/recorder.ts';
import { open, type Terms } from './messages.ts';

/** The window of every channel on a bench: small, so that its edges are near. */
export const window = 1_000;

export interface Opened {
  readonly channel: Channel;
  readonly protocol: HalfCloseableRecorder;
}

export class Bench {
  readonly link = new MemoryLink();
  readonly connection: SshConnection;
  /** Channels that the peer opened, in order, and their protocols. */
  readonly opened: Opened[] = [];
  /** Channels of which their type heard that they are over. */
  readonly closed: Channel[] = [];
  /** Why the connection ended. */
  ended: CloseReason | undefined;

  /** `session` channels get a recorder for protocol, `silent` ones none. */
  constructor(options: ConnectionOptions = {}) {
    const closed = (channel: Channel): void => void this.closed.push(channel);
    const session: ChannelType = { opened: channel => this.#give(channel), closed };
    const silent: ChannelType = { opened: () => undefined, closed };
    this.connection = new SshConnection(this.link, {
      initialWindowSize: window,
      channelTypes: { session, silent },
      connectionLost: reason => (this.ended = reason),
      ...options,
    });
  }

  /** Open a session as the peer, on its terms; forgets what was sent until then. */
  session(terms?: Terms): Opened {
    this.link.receive(open('session', terms));
    this.link.sent.length = 0;
    return this.opened.at(-1)!;
  }

  /** The socket has gone: nothing stays behind, no timer either. */
  end(): void {
    this.link.lose(done);
  }

  #give(channel: Channel): void {
    const protocol = new HalfCloseableRecorder();
    this.opened.push({ channel, protocol });
    channel.start(protocol);
  }
}
