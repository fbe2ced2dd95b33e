/**
 * A program is a transport as well: the transport contract, with a program at the far end that passes everything on.
 *
 * IProcessProtocol has no word for EOF of one stream and none for the reason of an end, so what needs them is declared
 * away. On a pty, a close hangs up and the kernel drops what the program has not read, so that only programs on pipes
 * can promise "everything written before the end"; a terminal's other promises are in the process contract.
 */
import type { IProcessProtocol, IProtocol, QueueLimits } from '../../transport/contracts.ts';
import { spawnPipes } from '../../transport/process/pipes.ts';
import type { Program } from '../../transport/process/program.ts';
import { fromDuplex } from '../../transport/stream.ts';
import { has } from '../interop/missing.ts';
import { bridge, bridged } from '../support/bridge.ts';
import { buildNativePrograms, compiler, spawnNatively } from '../support/native-programs.ts';
import { sharedHost } from '../support/process-hosts.ts';
import { transportContract } from './transport.ts';
import type { Capabilities, Connect } from './transport/lab.ts';

type Spawn = (program: Program, protocol: IProcessProtocol, limits?: QueueLimits) => unknown;

const through =
  (spawn: Spawn): Connect =>
  async (near, far, limits) => {
    const [, socket] = await bridged(path => spawn(bridge(path), asProcessProtocol(near), limits));
    fromDuplex(socket, far, limits);
  };

const capabilities: Partial<Capabilities> = {
  halfClose: false,
  guards: false,
  limits: false,
  endings: {
    closed: 'exited',
    aborted: 'exited',
    abortedThere: 'done',
    abortedByPeer: 'exited',
    overflowed: 'exited',
  },
};

transportContract('a program on pipes', through(spawnPipes), capabilities);

if (has(compiler)) {
  transportContract('a program on pipes by the addon', through(spawnNatively(buildNativePrograms)), capabilities);
}

const host = sharedHost();
transportContract(
  'a program on pipes in a process host',
  through((...start) => host().spawn(...start)),
  capabilities,
);

const asProcessProtocol = (protocol: IProtocol): IProcessProtocol => ({
  makeConnection: process => protocol.makeConnection(process),
  outReceived: data => protocol.dataReceived(data),
  errReceived: () => undefined,
  processExited: () => undefined,
  processEnded: status => protocol.connectionLost({ kind: 'exited', ...status }),
  processLost: error => protocol.connectionLost({ kind: 'lost', error }),
});
