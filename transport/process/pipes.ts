/**
 * Programs on pipes: standard input, output and error apart, no terminal.
 *
 * The program leads a session and process group of its own, as sshd's do (setsid in do_exec_no_pty). The descriptors
 * that it gets are 0, 1 and 2 and those of `Program.descriptors`. Two files can start it: native-start.ts where
 * native/ has been built, and node-start.ts.
 * A queue that overflows, and a protocol that throws, kill the program. A grandchild that holds the output open delays
 * only `processEnded`.
 */
import type { Duplex } from 'node:stream';
import type { Address } from '../address.ts';
import type { IProcessProtocol, IProcessTransport, QueueLimits } from '../contracts.ts';
import { Endpoint } from '../endpoint.ts';
import type { Medium } from '../medium.ts';
import { StreamTransport } from '../stream.ts';
import { ChildDescriptors } from './child-descriptors.ts';
import type { Input } from './input.ts';
import { Leader } from './leader.ts';
import { startsNatively } from './native-spawn.ts';
import { startNatively, startNativelyAside } from './native-start.ts';
import { startWithNode, startWithNodeAside } from './node-start.ts';
import type { Output } from './output.ts';
import { attach } from './process-transport.ts';
import type { RunningProgram } from './running-program.ts';
import { checkProgram, startChecked, type Program } from './program.ts';
import type { StartedOnPipes, StartOnPipes, StartOnPipesAside } from './started-on-pipes.ts';

/** Start `program` and give it to `protocol`. Throws SpawnError, and then the protocol hears nothing. */
export const spawnPipes = (program: Program, protocol: IProcessProtocol, limits?: QueueLimits): IProcessTransport =>
  attach(startPipes(program, limits), protocol);

/** Start `program` and leave its streams to the caller, who reads nothing before it starts them. Throws SpawnError. */
export const startPipes = (
  program: Program,
  limits: QueueLimits = {},
  start: StartOnPipes = startsNatively(program) ? startNatively : startWithNode,
): RunningProgram => running(start(checkProgram(program)), limits);

/** The same while the event loop goes on, as far as its files are concerned. Rejects with SpawnError. */
export const startPipesAside = async (
  program: Program,
  limits: QueueLimits = {},
  start: StartOnPipesAside = startsNatively(program) ? startNativelyAside : startWithNodeAside,
): Promise<RunningProgram> => running(await startChecked(program, start), limits);

function running({ pid, stdin, stdout, stderr, sockets, onExit }: StartedOnPipes, limits: QueueLimits): RunningProgram {
  const leader = new Leader(pid);
  const medium = new PipeMedium(leader, stdout, stdin);
  const main = pipeEndpoint(pid, medium, limits);
  const error = pipeEndpoint(pid, new PipeMedium(leader, stderr), limits);
  const descriptors = new ChildDescriptors(
    new Map(Array.from(sockets, ([fd, socket]) => [fd, socketEndpoint(pid, socket, limits)])),
  );
  return {
    parts: {
      ...{ leader, main, error, descriptors },
      resize: () => undefined,
      closeOutput: () => medium.closeOutput(),
    },
    onInputLost: listener => stdin.onLost(listener),
    onExit,
  };
}

function pipeEndpoint(pid: number, medium: PipeMedium, limits: QueueLimits): Endpoint {
  const peer: Address = Object.freeze({ kind: 'process', pid });
  const host: Address = Object.freeze({ kind: 'process', pid: process.pid });
  const endpoint = new Endpoint(medium, { peer, host }, limits);
  medium.listen(endpoint);
  return endpoint;
}

/** A descriptor from 3 up is one end of a socket pair: libuv makes no other "pipes". */
function socketEndpoint(pid: number, socket: Duplex, limits: QueueLimits): Endpoint {
  const peer: Address = Object.freeze({ kind: 'process', pid });
  const host: Address = Object.freeze({ kind: 'process', pid: process.pid });
  return new StreamTransport(socket, { ...limits, peer, host, lingerTime: 0 });
}

/** One output, and the input if it belongs to it. */
class PipeMedium implements Medium {
  readonly copies = true;
  readonly #leader: Leader;
  readonly #output: Output;
  readonly #input: Input | undefined;

  constructor(leader: Leader, output: Output, input?: Input) {
    this.#leader = leader;
    this.#output = output;
    this.#input = input;
  }

  listen(endpoint: Endpoint): void {
    this.#output.listen(endpoint);
  }

  send(chunks: readonly Uint8Array[], taken: () => void): void {
    this.#input?.send(chunks, taken);
  }

  sendNow(data: Uint8Array): number {
    return this.#input?.sendNow(data) ?? 0;
  }

  sendEof(sent: () => void): void {
    this.#input?.end(sent);
  }

  startReading(): void {
    this.#output.resume();
  }

  stopReading(): void {
    this.#output.pause();
  }

  /** Its 'close' is the stream's EOF. */
  closeOutput(): void {
    this.#output.destroy();
  }

  close(): void {
    this.#input?.end(() => undefined);
    this.#output.destroy();
  }

  destroy(): void {
    this.#leader.signal('KILL');
    this.#input?.close();
    this.#output.destroy();
  }
}
