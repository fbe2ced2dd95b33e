/** An SSH channel is a transport, from either end; what it can do is declared here. */
import { SshConnection } from '../../ssh/connection.ts';
import type { IProtocol } from '../../transport/contracts.ts';
import { transportContract } from './transport.ts';
import type { Capabilities } from './transport/lab.ts';
import { linkPair } from '../support/memory-link.ts';

/** A channel between `opener` and `acceptor`, each on a connection of its own. */
async function connect(opener: IProtocol, acceptor: IProtocol): Promise<void> {
  const [left, right] = linkPair();
  const here = new SshConnection(left, {});
  new SshConnection(right, { channelTypes: { test: { opened: channel => channel.start(acceptor) } } });
  const channel = await here.openChannel('test');
  channel.start(opener);
}

const capabilities: Partial<Capabilities> = {
  /** A channel's queue has the marks of every transport; nobody sets them one by one. */
  limits: false,
  /** CLOSE has no reason: after an abort the other end only knows that it is over. RFC 4254 §5.3. */
  endings: { abortedThere: 'done', abortedByPeer: 'done' },
};

transportContract('an SSH channel that we opened', (near, far) => connect(near, far), capabilities);
transportContract('an SSH channel that the peer opened', (near, far) => connect(far, near), capabilities);
