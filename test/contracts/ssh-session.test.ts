/**
 * An SSH session and its program are a transport as well, from the client's channel to what the program is joined to:
 * the session process passes on order, ends and back-pressure of both.
 */
import { Session } from '../../server/session.ts';
import { runProgram } from '../../server/session-process.ts';
import { SshConnection } from '../../ssh/connection.ts';
import type { Channel } from '../../ssh/channel.ts';
import { spawnPipes } from '../../transport/process/pipes.ts';
import { fromDuplex } from '../../transport/stream.ts';
import { bridge, bridged } from '../support/bridge.ts';
import { linkPair } from '../support/memory-link.ts';
import { transportContract } from './transport.ts';
import type { Capabilities } from './transport/lab.ts';

/** Gives what the client opens a session that runs `bridge(path)`. */
async function openSession(path: string): Promise<Channel> {
  const [left, right] = linkPair();
  const opened = (channel: Channel): void => {
    const session = new Session(channel, {
      user: 'test',
      software: 'test',
      handler: () => undefined,
      report: () => undefined,
    });
    void runProgram(session, protocol => spawnPipes(bridge(path), protocol)).then(() => session.end());
  };
  new SshConnection(right, { channelTypes: { session: { opened } } });
  return await new SshConnection(left, {}).openChannel('session');
}

const capabilities: Partial<Capabilities> = {
  /** IProcessProtocol has no word for EOF of one stream: the output of a program ends with it. */
  halfClose: false,
  /** A channel's queue has the marks of every transport; nobody sets them one by one. */
  limits: false,
  /** CLOSE has no reason, RFC 4254 §5.3; a program's end is told by its exit status. */
  endings: { abortedThere: 'done', abortedByPeer: 'done' },
};

transportContract(
  'an SSH session with a program',
  async (near, far, limits) => {
    const [channel, socket] = await bridged(openSession);
    channel.start(near);
    fromDuplex(socket, far, limits);
  },
  capabilities,
);
